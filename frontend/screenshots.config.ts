import { defineConfig } from '@playwright/test'
import flows from './playwright.config'

/** The pictures of ../docs/images, of a server with fresh demo data: BASE_URL=… npm run screenshots */
export default defineConfig({
  ...flows,
  testDir: 'e2e',
  testMatch: 'screenshots.ts',
  workers: 1,
  retries: 0,
  use: { ...flows.use, timezoneId: 'America/Sao_Paulo', trace: 'off' },
})

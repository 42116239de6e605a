import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const debian = '/usr/bin/chromium'

/** Against a server that runs with the demo data: BASE_URL. The browser: CHROMIUM, else Debian's, else Playwright's own. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  timeout: 45_000,
  expect: { timeout: 10_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A second try is reported as flaky, never as passed in silence.
  retries: 1,
  reporter: [['list']],
  use: {
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:8000',
    locale: 'pt-BR',
    timezoneId: 'America/Manaus', // Not the shop's: its days and hours must be right from anywhere.
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? (existsSync(debian) ? debian : undefined),
      args: ['--no-sandbox', '--disable-gpu'],
    },
  },
})

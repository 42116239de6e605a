/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const api = process.env.API_URL ?? 'http://127.0.0.1:8000'
const server = Object.fromEntries(
  ['/api', '/docs', '/redoc', '/admin', '/health', '/static'].map((path) => [
    path,
    { target: api, changeOrigin: false },
  ]),
)

export default defineConfig(({ command }) => ({
  // Django serves the built files below /static/web/, and index.html itself at every address of a screen.
  base: command === 'build' ? '/static/web/' : '/',
  plugins: [react()],
  // The page view replaces this by the nonce of the request; Mantine's style tags carry it (see src/app/theme.ts).
  html: { cspNonce: '__CSP_NONCE__' },
  server: { port: 5173, strictPort: true, proxy: server },
  build: {
    target: 'es2022',
    // Inlined files would be data: addresses, which the policy of the page refuses for all but images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    // Files of a few lines go along with another: each costs a request, and its headers are longer than they are.
    rollupOptions: { output: { experimentalMinChunkSize: 1000 } },
  },
  // What needs a browser's objects says so in its first line: // @vitest-environment jsdom
  test: { include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
}))

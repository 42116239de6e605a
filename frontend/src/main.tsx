import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.layer.css'
import './app/styles.css'
import './texts/i18n'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { setNonce } from 'get-nonce'
import { App } from './app/App'
import { styleNonce } from './app/theme'

// The lock of the page behind a dialog makes a style tag of its own, and asks there for the nonce.
setNonce(styleNonce())

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#eef7f7',
  '#dcedee',
  '#b6d9da',
  '#8bc4c7',
  '#66b2b6',
  '#4aa3a8',
  '#2b8c91',
  '#17797e',
  '#0f686d',
  '#08545a',
]

/** Dark enough in both themes for white text on it. */
const red: MantineColorsTuple = [
  '#fff4f2',
  '#ffe4e0',
  '#ffc9c3',
  '#ffa59c',
  '#fb7d72',
  '#ee5d51',
  '#df453a',
  '#cc3329',
  '#b42318',
  '#8e1b12',
]

const ink: MantineColorsTuple = [
  '#dbe1e8',
  '#b9c2cd',
  '#929dac',
  '#647083',
  '#3d4757',
  '#2e3744',
  '#242c37',
  '#1b222c',
  '#141a22',
  '#0d1218',
]

export const theme = createTheme({
  colors: { petrol, red, dark: ink },
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.4rem' }, h2: { fontSize: '1.05rem' } } },
  components: {
    Table: {
      defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'md' },
      styles: { th: { fontSize: '0.78rem', fontWeight: 500, color: 'var(--mantine-color-dimmed)' } },
    },
    Paper: { defaultProps: { withBorder: true } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 } } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
  },
})

/** The greys and reds of the library are a little too pale to be read by everybody (WCAG AA). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#56616e',
    '--mantine-color-placeholder': '#6b7684',
    '--mantine-color-error': '#b42318',
    '--desk-canvas': '#f5f7f8',
    '--desk-line': '#e2e6ea',
    '--desk-warning': '#8a5300',
    '--desk-hover': '#eef4f4',
  },
  dark: {
    '--mantine-color-dimmed': '#9fabba',
    '--mantine-color-placeholder': '#8592a3',
    '--mantine-color-error': '#ff9d94',
    '--desk-canvas': '#12171e',
    '--desk-line': '#2e3744',
    '--desk-warning': '#ffc078',
    '--desk-hover': '#222b36',
  },
})

/** The policy of the page lets only those style tags in that carry the nonce of its request. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
}

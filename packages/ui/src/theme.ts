import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** Petrol. White text on shade 7 has a contrast of 5.4:1, shade 4 on a dark background one of 7:1. */
const petrol: MantineColorsTuple = [
  '#eff8f8',
  '#dbeeee',
  '#b4dcdd',
  '#89c8cb',
  '#62b6ba',
  '#3fa2a8',
  '#2a8c93',
  '#1a747b',
  '#145e64',
  '#0d454a',
]

/** Greys with a hint of petrol, so that surfaces belong to the brand. */
const gray: MantineColorsTuple = [
  '#f7f9f9',
  '#eff3f3',
  '#e2e8e8',
  '#d3dbdb',
  '#bcc7c8',
  '#98a6a7',
  '#748384',
  '#4f5e60',
  '#344244',
  '#1c2628',
]

const dark: MantineColorsTuple = [
  '#d5dcdd',
  '#bcc6c7',
  '#9aa7a9',
  '#78878a',
  '#435054',
  '#36424a',
  '#273136',
  '#1b2327',
  '#151c1f',
  '#0e1315',
]

const DIALOG_TITLE = { fontSize: '1.2rem', fontWeight: 650 }

/** Mantine makes a dialog's head a `header`, which would count as a second banner of the page. */
const DIALOG_HEADER = { header: { role: 'presentation' } }

/** The look of both apps. Fonts are the system's, so that no download delays the text. */
export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: 7,
  colors: { petrol, gray, dark },
  black: '#18242a',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1.05rem', lineHeight: '1.35' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md' } },
    NumberInput: { defaultProps: { size: 'md' } },
    Modal: { styles: { title: DIALOG_TITLE }, defaultProps: { attributes: DIALOG_HEADER } },
    Drawer: { styles: { title: DIALOG_TITLE }, defaultProps: { attributes: DIALOG_HEADER } },
  },
})

/**
 * The light variant in the dark scheme: a faint tint over the background. Mantine's own is nearly black for petrol and
 * glaring for the others.
 */
const darkTints = Object.fromEntries(
  (
    [
      ['petrol', '63, 162, 168', petrol[2]],
      ['green', '64, 192, 87', 'var(--mantine-color-green-3)'],
      ['orange', '253, 126, 20', 'var(--mantine-color-orange-3)'],
      ['red', '250, 82, 82', 'var(--mantine-color-red-3)'],
      ['violet', '121, 80, 242', 'var(--mantine-color-violet-3)'],
      ['pink', '230, 73, 128', 'var(--mantine-color-pink-3)'],
      ['gray', '152, 166, 167', 'var(--mantine-color-gray-3)'],
    ] as const
  ).flatMap(([name, rgb, text]) => [
    [`--mantine-color-${name}-light`, `rgba(${rgb}, 0.2)`],
    [`--mantine-color-${name}-light-hover`, `rgba(${rgb}, 0.3)`],
    [`--mantine-color-${name}-light-color`, text],
  ]),
)

/** Mantine's dimmed, placeholder and error colours miss 4.5:1 on white; these meet it in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {
    // White on shade 7 has a contrast of 3.8:1.
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-red-filled-hover': '#b02525',
  },
  light: {
    '--mantine-color-body': '#f7f9f9',
    '--mantine-color-dimmed': gray[7],
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': petrol[7],
    // Their shade 9 has a contrast of 3.6:1 and 3.9:1 on the light variant's background.
    '--mantine-color-orange-light-color': '#9c3a05',
    '--mantine-color-green-light-color': '#1e6b30',
    '--mantine-color-red-light-hover': '#ffecec',
    '--vc-surface': '#ffffff',
    '--vc-line': gray[2],
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': dark[3],
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': petrol[4],
    ...darkTints,
    '--vc-surface': dark[6],
    '--vc-line': dark[5],
  },
})

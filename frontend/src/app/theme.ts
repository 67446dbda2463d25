import { createTheme, defaultVariantColorsResolver, type CSSVariablesResolver } from '@mantine/core';

/** What floats over the page: menus, lists, cards. */
const floating = {
  background: 'var(--pane)',
  borderColor: 'var(--line)',
  borderRadius: 'var(--r2)',
  boxShadow: 'var(--lift)',
};

/** Mantine's parts in our proportions. Colours stay in tokens.css; cssVariables maps them. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: {
    xs: 'var(--f-meta)',
    sm: 'var(--f-body)',
    md: 'var(--f-body)',
    lg: 'var(--f-title)',
    xl: 'var(--f-large)',
  },
  lineHeights: { sm: '1.5', md: '1.5' },
  radius: { xs: 'var(--r1)', sm: 'var(--r2)', md: 'var(--r2)', lg: 'var(--r3)', xl: 'var(--r3)' },
  spacing: { xs: 'var(--s1)', sm: 'var(--s2)', md: 'var(--s3)', lg: 'var(--s4)', xl: 'var(--s5)' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver: (input) => {
    const resolved = defaultVariantColorsResolver(input);
    // Our accent is light in the dark theme: what stands on it is dark there.
    return input.variant === 'filled' && input.color === input.theme.primaryColor
      ? { ...resolved, background: 'var(--accent)', hover: 'var(--accent-hover)', color: 'var(--accent-ink)' }
      : resolved;
  },
  components: {
    Modal: {
      defaultProps: { centered: true, padding: 'xl', transitionProps: { duration: 140, transition: 'fade' } },
      styles: {
        overlay: { background: 'var(--veil)' },
        content: { boxShadow: 'var(--lift)' },
        header: { paddingBottom: 'var(--s3)' },
        title: { fontSize: 'var(--f-title)', fontWeight: 700 },
      },
    },
    Popover: { defaultProps: { transitionProps: { duration: 120 } }, styles: { dropdown: floating } },
    // Without the placeholder the first item has the focus at once; it is also nothing that a menu may hold.
    Menu: {
      defaultProps: { transitionProps: { duration: 120 }, withInitialFocusPlaceholder: false },
      styles: { dropdown: floating },
    },
    SegmentedControl: {
      styles: {
        root: { background: 'var(--hover)' },
        indicator: { background: 'var(--pane)', boxShadow: 'var(--shadow)' },
      },
    },
    Autocomplete: { styles: { dropdown: floating } },
    Select: { styles: { dropdown: floating } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 120 } } },
    // A label that is too long for its button takes two lines; it is never cut.
    Button: {
      defaultProps: { size: 'sm' },
      styles: {
        root: { height: 'auto', minHeight: 'var(--button-height)', paddingBlock: 'var(--s1)' },
        label: { height: 'auto', whiteSpace: 'normal', lineHeight: 1.35 },
      },
    },
    // An edge that is seen against the page, on or off.
    Switch: { styles: { track: { boxShadow: 'inset 0 0 0 1px var(--field-line)' } } },
    Checkbox: { defaultProps: { radius: 'xs' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
  },
});

const shared = {
  '--mantine-color-body': 'var(--pane)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink2)',
  '--mantine-color-placeholder': 'var(--ink3)',
  '--mantine-color-error': 'var(--danger)',
  '--mantine-color-default': 'var(--pane)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-disabled': 'var(--bone)',
  '--mantine-color-disabled-color': 'var(--ink3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-contrast': 'var(--accent-ink)',
  '--mantine-color-blue-filled': 'var(--accent)',
  '--mantine-color-blue-filled-hover': 'var(--accent-hover)',
  '--mantine-color-blue-outline': 'var(--accent)',
  '--mantine-color-red-filled': 'var(--badge)',
  '--mantine-color-red-filled-hover': 'var(--danger)',
};

// Where Mantine asks for a grey of its dark scale: text, lines, surfaces.
const dark = {
  ...shared,
  '--mantine-color-dark-1': 'var(--ink2)',
  '--mantine-color-dark-3': 'var(--ink3)',
  '--mantine-color-dark-4': 'var(--line)',
  '--mantine-color-dark-5': 'var(--hover)',
  '--mantine-color-dark-6': 'var(--pane)',
  '--mantine-color-dark-7': 'var(--pane)',
  '--mantine-color-dark-8': 'var(--bg)',
};

/** Gives Mantine our tokens, which know light and dark themselves. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: shared, light: shared, dark });

import type { resources } from './resources';

// Keys are checked against the Korean texts; resources.test.ts checks that the English ones have the same.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: (typeof resources)['ko'];
  }
}

/** The fake's answers about what others made that is in the app: as many as there usually are, with invented names. */
import type { Bridge } from '@/bridge/bridge';
import type { Answer } from './account-calls';

const names = [
  'codec',
  'crypto',
  'dbus',
  'fonts',
  'hooks',
  'icons',
  'images',
  'keyring',
  'markdown',
  'sqlite',
  'virtual',
  'wire',
];
const licences = ['Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT'];

const components = Array.from({ length: 180 }, (_, i) => ({
  name:
    i % 3 === 0 ? `@example/${names[i % names.length]}-${i}` : `github.com/example/${names[i % names.length]}/v${i}`,
  version: `v${1 + (i % 4)}.${i % 20}.${i % 7}`,
  licence: licences[i % licences.length] ?? '',
  text: i % licences.length,
}));

const paragraph =
  'Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation ' +
  'files (the "Software"), to deal in the Software without restriction.\n\n';

/** The calls about them. */
export function licenceCalls(answer: Answer): Pick<Bridge, 'licences' | 'licenceText'> {
  return {
    licences: () => answer(components),
    licenceText: (number) => answer(`${licences[number]}\n\n${paragraph.repeat(12)}`),
  };
}

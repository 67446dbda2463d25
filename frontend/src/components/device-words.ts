import type { Device } from '@/bridge/types';

const platforms: Record<string, string> = { windows: 'Windows', linux: 'Linux', darwin: 'macOS' };

/** What a system is called; what the page doesn't know stays as it was told. */
export function platformName(platform: string): string {
  return platforms[platform] ?? platform;
}

/** Windows · 0.2.0 · 10.0.0.5: what is known of a device, for the line under its name. */
export function deviceFacts(device: Pick<Device, 'platform' | 'app_version' | 'address'>): string {
  return [platformName(device.platform), device.app_version, device.address].filter((part) => part !== '').join(' · ');
}

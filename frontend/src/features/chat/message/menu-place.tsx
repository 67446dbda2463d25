import type { ComponentPropsWithRef } from 'react';
import styles from './menu-place.module.css';

/** A point of the window, in pixels. */
export interface Spot {
  x: number;
  y: number;
}

export interface MenuPlaceProps extends ComponentPropsWithRef<'button'> {
  spot: Spot;
}

/** The point of the window at which a menu opens. Nobody can press it or hear of it. */
export function MenuPlace({ spot, ...rest }: MenuPlaceProps) {
  const at = { left: spot.x, top: spot.y };
  return <button {...rest} type="button" tabIndex={-1} aria-hidden="true" className={styles.place} style={at} />;
}

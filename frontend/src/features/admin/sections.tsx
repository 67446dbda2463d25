/** The sections of the administration, in their order. A section that isn't here does not exist. */
import {
  IconArchive,
  IconChartBar,
  IconDevices,
  IconFileImport,
  IconHierarchy,
  IconEyeCheck,
  IconListSearch,
  IconSpeakerphone,
  IconUserCheck,
  IconUsers,
  IconFileSettings,
  IconHeartbeat,
  IconHourglass,
  IconPlugConnected,
  IconSettings,
  type Icon,
} from '@tabler/icons-react';
import type { AdminCounts } from '@/bridge/types';
import type { resources } from '@/i18n/resources';
import { deferred, type Deferred } from '@/components/deferred';

type SectionId = keyof (typeof resources)['ko']['admin']['section'];

/** What stands together in the list; the first group has no head. */
export type SectionGroup = 'today' | keyof (typeof resources)['ko']['admin']['group'];

/** A section: its text is `section.<id>` of the namespace admin; its own texts are a namespace of its own. */
export interface AdminSection {
  component: Deferred<object>;
  id: SectionId;
  group: SectionGroup;
  icon: Icon;
  /** Who may see it; the server decides by itself what it answers. */
  roles: readonly string[];
  /** How much waits there. */
  badge?: (counts: AdminCounts) => number;
}

const admins = ['owner', 'admin'];

/** All sections. Each asks for what it needs by useAdmin, and stands in a SectionPage. */
export const sections: readonly AdminSection[] = [
  {
    id: 'dashboard',
    group: 'today',
    icon: IconChartBar,
    roles: ['owner', 'admin', 'auditor'],
    component: deferred(async () => (await import('./dashboard/dashboard-section')).DashboardSection),
  },
  {
    id: 'approvals',
    group: 'today',
    icon: IconUserCheck,
    roles: admins,
    badge: (counts) => counts.pending_users + counts.pending_resets,
    component: deferred(async () => (await import('./approvals/approvals-section')).ApprovalsSection),
  },
  {
    id: 'notices',
    group: 'today',
    icon: IconSpeakerphone,
    roles: admins,
    component: deferred(async () => (await import('./notices/notices-section')).NoticesSection),
  },
  {
    id: 'members',
    group: 'people',
    icon: IconUsers,
    roles: admins,
    component: deferred(async () => (await import('./members/members-section')).MembersSection),
  },
  {
    id: 'departments',
    group: 'people',
    icon: IconHierarchy,
    roles: admins,
    component: deferred(async () => (await import('./departments/departments-section')).DepartmentsSection),
  },
  {
    id: 'imports',
    group: 'people',
    icon: IconFileImport,
    roles: admins,
    component: deferred(async () => (await import('./imports/imports-section')).ImportsSection),
  },
  {
    id: 'devices',
    group: 'people',
    icon: IconDevices,
    roles: admins,
    component: deferred(async () => (await import('./devices/devices-section')).DevicesSection),
  },
  {
    id: 'file_policy',
    group: 'data',
    icon: IconFileSettings,
    roles: admins,
    component: deferred(async () => (await import('./file-policy/file-policy-section')).FilePolicySection),
  },
  {
    id: 'retention',
    group: 'data',
    icon: IconHourglass,
    roles: [...admins, 'auditor'],
    component: deferred(async () => (await import('./retention/retention-section')).RetentionSection),
  },
  {
    id: 'backups',
    group: 'data',
    icon: IconArchive,
    roles: [...admins, 'auditor'],
    component: deferred(async () => (await import('./backups/backups-section')).BackupsSection),
  },
  {
    id: 'access',
    group: 'server',
    icon: IconEyeCheck,
    roles: [...admins, 'auditor'],
    badge: (counts) => counts.pending_access,
    component: deferred(async () => (await import('./access/access-section')).AccessSection),
  },
  {
    id: 'audit',
    group: 'server',
    icon: IconListSearch,
    roles: [...admins, 'auditor'],
    component: deferred(async () => (await import('./audit/audit-section')).AuditSection),
  },
  {
    id: 'integrations',
    group: 'server',
    icon: IconPlugConnected,
    roles: [...admins, 'auditor'],
    badge: (counts) => counts.failed_hooks,
    component: deferred(async () => (await import('./integrations/integrations-section')).IntegrationsSection),
  },
  {
    id: 'health',
    group: 'server',
    icon: IconHeartbeat,
    roles: admins,
    component: deferred(async () => (await import('./health/health-section')).HealthSection),
  },
  {
    id: 'settings',
    group: 'server',
    icon: IconSettings,
    roles: admins,
    component: deferred(async () => (await import('./server/server-section')).ServerSection),
  },
];

/** The sections that somebody of this role sees. */
export function sectionsFor(role: string): readonly AdminSection[] {
  return sections.filter((section) => section.roles.includes(role));
}

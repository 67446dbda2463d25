import enAccess from './en/access.json';
import enAdmin from './en/admin.json';
import enApprovals from './en/approvals.json';
import enAudit from './en/audit.json';
import enBackups from './en/backups.json';
import enChat from './en/chat.json';
import enCommon from './en/common.json';
import enCompose from './en/compose.json';
import enDashboard from './en/dashboard.json';
import enDepartments from './en/departments.json';
import enDevices from './en/devices.json';
import enDiagnosis from './en/diagnosis.json';
import enErrors from './en/errors.json';
import enFile from './en/file.json';
import enImports from './en/imports.json';
import enIntegrations from './en/integrations.json';
import enMembers from './en/members.json';
import enMessage from './en/message.json';
import enNotices from './en/notices.json';
import enNoticesAdmin from './en/notices_admin.json';
import enPeople from './en/people.json';
import enRetention from './en/retention.json';
import enFilePolicy from './en/filePolicy.json';
import enHealth from './en/health.json';
import enServer from './en/server.json';
import enRoom from './en/room.json';
import enSearch from './en/search.json';
import enSettings from './en/settings.json';
import enSignin from './en/signin.json';
import enUpdate from './en/update.json';
import koAccess from './ko/access.json';
import koAdmin from './ko/admin.json';
import koApprovals from './ko/approvals.json';
import koAudit from './ko/audit.json';
import koBackups from './ko/backups.json';
import koChat from './ko/chat.json';
import koCommon from './ko/common.json';
import koCompose from './ko/compose.json';
import koDashboard from './ko/dashboard.json';
import koDepartments from './ko/departments.json';
import koDevices from './ko/devices.json';
import koDiagnosis from './ko/diagnosis.json';
import koErrors from './ko/errors.json';
import koFile from './ko/file.json';
import koImports from './ko/imports.json';
import koIntegrations from './ko/integrations.json';
import koMembers from './ko/members.json';
import koMessage from './ko/message.json';
import koNotices from './ko/notices.json';
import koNoticesAdmin from './ko/notices_admin.json';
import koPeople from './ko/people.json';
import koRetention from './ko/retention.json';
import koFilePolicy from './ko/filePolicy.json';
import koHealth from './ko/health.json';
import koServer from './ko/server.json';
import koRoom from './ko/room.json';
import koSearch from './ko/search.json';
import koSettings from './ko/settings.json';
import koSignin from './ko/signin.json';
import koUpdate from './ko/update.json';

/** All texts: language → namespace → text. A namespace is a feature's, or common, or errors. */
export const resources = {
  ko: {
    access: koAccess,
    common: koCommon,
    dashboard: koDashboard,
    departments: koDepartments,
    devices: koDevices,
    diagnosis: koDiagnosis,
    errors: koErrors,
    signin: koSignin,
    chat: koChat,
    compose: koCompose,
    backups: koBackups,
    file: koFile,
    imports: koImports,
    integrations: koIntegrations,
    members: koMembers,
    message: koMessage,
    notices: koNotices,
    notices_admin: koNoticesAdmin,
    people: koPeople,
    retention: koRetention,
    filePolicy: koFilePolicy,
    health: koHealth,
    server: koServer,
    room: koRoom,
    admin: koAdmin,
    approvals: koApprovals,
    audit: koAudit,
    search: koSearch,
    settings: koSettings,
    update: koUpdate,
  },
  en: {
    access: enAccess,
    common: enCommon,
    dashboard: enDashboard,
    departments: enDepartments,
    devices: enDevices,
    diagnosis: enDiagnosis,
    errors: enErrors,
    signin: enSignin,
    chat: enChat,
    compose: enCompose,
    backups: enBackups,
    file: enFile,
    imports: enImports,
    integrations: enIntegrations,
    members: enMembers,
    message: enMessage,
    notices: enNotices,
    notices_admin: enNoticesAdmin,
    people: enPeople,
    retention: enRetention,
    filePolicy: enFilePolicy,
    health: enHealth,
    server: enServer,
    room: enRoom,
    admin: enAdmin,
    approvals: enApprovals,
    audit: enAudit,
    search: enSearch,
    settings: enSettings,
    update: enUpdate,
  },
};

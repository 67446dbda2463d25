/** What the window shows besides the list of rooms. Its code is loaded when the list stands. */
import { deferred } from '@/components/deferred';
import { OpenRoom } from '@/features/chat/conversation/conversation-pane';

export const PeoplePane = deferred(async () => (await import('@/features/people/people-pane')).PeoplePane);
export const PersonPane = deferred(async () => (await import('@/features/people/person-pane')).PersonPane);
export const NoticeList = deferred(async () => (await import('@/features/notices/notice-list')).NoticeList);
export const NoticePane = deferred(async () => (await import('@/features/notices/notice-pane')).NoticePane);
export const AdminScreen = deferred(async () => (await import('@/features/admin/admin-screen')).AdminScreen);
export const SearchPane = deferred(async () => (await import('@/features/search/search-pane')).SearchPane);
export const SettingsScreen = deferred(
  async () => (await import('@/features/settings/settings-screen')).SettingsScreen,
);
export const ShortcutsDialog = deferred(async () => (await import('./shortcuts-dialog')).ShortcutsDialog);
export const SwitcherDialog = deferred(
  async () => (await import('@/features/chat/rooms/switcher-dialog')).SwitcherDialog,
);
export const NewChatDialog = deferred(
  async () => (await import('@/features/chat/rooms/new-chat-dialog')).NewChatDialog,
);

/** What everybody may want, by how soon. The administration is for few. */
export const everybodys = [
  OpenRoom,
  PeoplePane,
  PersonPane,
  SwitcherDialog,
  NewChatDialog,
  SearchPane,
  NoticeList,
  NoticePane,
  SettingsScreen,
];

/** Short names for what crosses the bridge. The types themselves are generated from Go. */
import type { core, wire } from '@/wailsjs/go/models';

export type About = core.About;
export type Conversation = core.Conversation;
export type Failure = core.Failure;
export type Me = core.Me;
export type Message = core.Message;
export type MessageChange = core.MessageChange;
export type Page = core.Page;
export type PendingUser = core.PendingUser;
export type Reads = core.Reads;
export type Room = core.Room;
export type ServerCheck = core.ServerCheck;
export type Settings = core.Settings;
export type SignUp = core.SignUp;
export type State = core.State;
export type Target = core.Target;
export type Update = core.Update;
export type AdminCounts = wire.AdminCounts;
export type Department = wire.Department;
export type MemberRead = wire.MemberRead;
export type Profile = wire.Profile;
export type RegisterRequest = wire.RegisterRequest;
export type SystemNotice = wire.SystemNotice;

export namespace core {
	
	export interface About {
	    version: string;
	    build: string;
	    server_version: string;
	    store_path: string;
	    platform: string;
	}
	export interface Access {
	    access_uuid: string;
	    subject_kind: string;
	    subject_uuid: string;
	    subject_name: string;
	    people: string[];
	    reason: string;
	    from: number;
	    to: number;
	    state: string;
	    requested_by: string;
	    requested_at: number;
	    decided_by: string;
	    decided_at: number;
	    expires_at: number;
	    hours: number;
	    may_decide: boolean;
	    may_read: boolean;
	    may_end: boolean;
	}
	export interface Failure {
	    code: string;
	    reason: string;
	    message: string;
	    request_id: string;
	    retry_ms: number;
	    fields?: wire.FieldError[];
	}
	export interface File {
	    file_id: string;
	    name: string;
	    size: number;
	    type: string;
	    width: number;
	    height: number;
	    thumbnail: boolean;
	    gone: boolean;
	    transfer: string;
	    saved: boolean;
	}
	export interface Reaction {
	    emoji: string;
	    user_uuids: string[];
	    mine: boolean;
	}
	export interface Message {
	    room_uuid: string;
	    client_id: string;
	    message_id: number;
	    seq: number;
	    rev: number;
	    kind: string;
	    sender_uuid: string;
	    mine: boolean;
	    text: string;
	    at: number;
	    edited_at: number;
	    deleted_at: number;
	    reply_to_seq: number;
	    mentions: string[];
	    mention_all: boolean;
	    forwarded: boolean;
	    pinned: boolean;
	    reactions: Reaction[];
	    files: File[];
	    system?: wire.SystemNotice;
	    state: string;
	    failure?: Failure;
	}
	export interface AccessMessages {
	    messages: Message[];
	    next: number;
	}
	export interface AccessNews {
	    pending: number;
	    changes: number;
	}
	export interface AccessOrder {
	    subject_kind: string;
	    subject_uuid: string;
	    reason: string;
	    from: number;
	    to: number;
	    hours: number;
	}
	export interface AccessPage {
	    requests: Access[];
	    next: number;
	}
	export interface AccessRoom {
	    room_uuid: string;
	    kind: string;
	    name: string;
	    members: string[];
	    messages: number;
	}
	export interface AccountChange {
	    action: string;
	    role: string;
	    reason: string;
	}
	export interface AccountFate {
	    user_uuid: string;
	    changed: boolean;
	    refused?: Failure;
	}
	export interface AdminNotice {
	    notice_uuid: string;
	    author_uuid: string;
	    author_name: string;
	    title: string;
	    text: string;
	    confirm: boolean;
	    due_at: number;
	    department_uuids: string[];
	    rev: number;
	    created_at: number;
	    edited_at: number;
	    reminded_at: number;
	    withdrawn_at: number;
	    asked: number;
	    read: number;
	    confirmed: number;
	}
	export interface AdminNotices {
	    notices: AdminNotice[];
	    next: number;
	}
	export interface AppUpdate {
	    state: string;
	    version: string;
	    percent: number;
	    problem: string;
	    looked_at: number;
	    required: boolean;
	    mine: boolean;
	}
	export interface Assignment {
	    department_uuid?: string;
	    position?: string;
	    grade?: string;
	}
	export interface AuditCheck {
	    whole: boolean;
	    entries: number;
	    head: string;
	    signed: number;
	    fault: string;
	    cause?: wire.AuditFault;
	    took_ms: number;
	}
	export interface AuditEntry {
	    id: number;
	    at: number;
	    actor_uuid: string;
	    actor_name: string;
	    action: string;
	    subject: string;
	    subject_name: string;
	    subject_username: string;
	    detail: string;
	    address: string;
	}
	export interface AuditPage {
	    entries: AuditEntry[];
	    next: number;
	}
	export interface AuditQuery {
	    actor: string;
	    subject: string;
	    action: string;
	    from: number;
	    to: number;
	    before: number;
	}
	export interface Backup {
	    backup_uuid: string;
	    user_uuid: string;
	    name: string;
	    reason: string;
	    state: string;
	    failure: string;
	    protected: boolean;
	    rooms: number;
	    rooms_done: number;
	    messages: number;
	    files: number;
	    size: number;
	    sha256: string;
	    requested_by: string;
	    requested_at: number;
	    finished_at: number;
	    expires_at: number;
	}
	export interface BackupPage {
	    backups: Backup[];
	    next: number;
	}
	export interface Component {
	    name: string;
	    version: string;
	    licence: string;
	    text: number;
	}
	export interface Reads {
	    room_uuid: string;
	    members: wire.MemberRead[];
	    histogram: number[][];
	    known: boolean;
	}
	export interface Place {
	    seq: number;
	    offset: number;
	}
	export interface Draft {
	    text: string;
	    reply_to_seq: number;
	    mentions: string[];
	    mention_all: boolean;
	    files: string[];
	}
	export interface Room {
	    room_uuid: string;
	    kind: string;
	    name: string;
	    members: string[];
	    member_count: number;
	    other_uuid: string;
	    last_seq: number;
	    last_read_seq: number;
	    unread_count: number;
	    last_text: string;
	    last_kind: string;
	    last_sender: string;
	    last_at: number;
	    last_deleted: boolean;
	    last_files: string[];
	    last_file_count: number;
	    last_photos: number;
	    last_system?: wire.SystemNotice;
	    unsent_count: number;
	    draft: Draft;
	    role: string;
	    owners: string[];
	    history: string;
	    picture: string;
	    department_uuid: string;
	    read_only: boolean;
	    pins: number[];
	    muted_until: number;
	    notify: string;
	    favourite: boolean;
	    pinned: boolean;
	    locked: boolean;
	    mentioned_seqs: number[];
	}
	export interface Conversation {
	    room: Room;
	    messages: Message[];
	    has_more: boolean;
	    has_newer: boolean;
	    first_seq: number;
	    last_seq: number;
	    target: number;
	    place: Place;
	    reads: Reads;
	}
	export interface DeleteOrder {
	    reason: string;
	    expires_at: number;
	    passphrase: string;
	    recipient: string;
	}
	export interface Device {
	    session_uuid: string;
	    name: string;
	    platform: string;
	    app_version: string;
	    address: string;
	    signed_in_at: number;
	    last_seen_at: number;
	    current: boolean;
	}
	export interface PersonDevice {
	    session_uuid: string;
	    name: string;
	    platform: string;
	    app_version: string;
	    address: string;
	    signed_in_at: number;
	    last_seen_at: number;
	    current: boolean;
	    user_uuid: string;
	    person_name: string;
	    username: string;
	    department: string;
	}
	export interface DevicePage {
	    devices: PersonDevice[];
	    next: number;
	}
	export interface DeviceQuery {
	    text: string;
	    platform: string;
	    before: number;
	}
	export interface Finding {
	    check: string;
	    state: string;
	    code: string;
	    fields: Record<string, string>;
	    ms: number;
	}
	export interface Diagnosis {
	    running: boolean;
	    at: number;
	    findings: Finding[];
	}
	
	
	
	export interface FileLimits {
	    max_bytes: number;
	    types: string[];
	}
	export interface RoomFile {
	    file: File;
	    message_id: number;
	    seq: number;
	    sender_uuid: string;
	    at: number;
	}
	export interface FilesPage {
	    files: RoomFile[];
	    next: string;
	    local: boolean;
	}
	export interface FilesQuery {
	    kind: string;
	    text: string;
	    before: string;
	}
	
	export interface FoundRoom {
	    room_uuid: string;
	    kind: string;
	    name: string;
	    members: string[];
	}
	export interface FoundRooms {
	    rooms: FoundRoom[];
	    next: number;
	}
	export interface Health {
	    at: number;
	    started_at: number;
	    version: string;
	    company_name: string;
	    lines: wire.HealthLine[];
	}
	export interface HeldFile {
	    handle: string;
	    name: string;
	    size: number;
	    type: string;
	    width: number;
	    height: number;
	    preview: boolean;
	    problem?: Failure;
	}
	export interface HeldFiles {
	    room_uuid: string;
	    files: HeldFile[];
	}
	export interface Hold {
	    hold_uuid: string;
	    subject_kind: string;
	    subject_uuid: string;
	    subject_name: string;
	    people: string[];
	    rooms: number;
	    reason: string;
	    placed_by: string;
	    placed_at: number;
	    ended_by: string;
	    ended_at: number;
	    end_reason: string;
	}
	export interface HoldPage {
	    holds: Hold[];
	    next: number;
	}
	export interface ImportRow {
	    row: number;
	    fate: string;
	    user_uuid: string;
	    values: Record<string, string>;
	    changes: wire.FieldChange[];
	    problems: wire.RowProblem[];
	}
	export interface ImportRows {
	    rows: ImportRow[];
	    next: number;
	}
	export interface Integration {
	    integration_uuid: string;
	    kind: string;
	    state: string;
	    bot_uuid: string;
	    name: string;
	    icon: string;
	    rooms: wire.IntegrationRoom[];
	    scopes: string[];
	    url: string;
	    created_by: string;
	    created_at: number;
	    expires_at: number;
	    last_used_at: number;
	    last_failure: string;
	    last_status: number;
	    last_failed_at: number;
	    failures: number;
	    next_try_at: number;
	    waiting: number;
	    skipped: number;
	}
	export interface IntegrationPage {
	    integrations: Integration[];
	    next: number;
	}
	export interface IntegrationSecret {
	    integration: Integration;
	    secret: string;
	    address: string;
	}
	export interface LaunchPicture {
	    page: string;
	    language: string;
	    scheme: string;
	    zoom: number;
	    style: string;
	    markup: string;
	}
	export interface Me {
	    user_uuid: string;
	    number?: number;
	    name: string;
	    username: string;
	    employee_id: string;
	    department: string;
	    department_uuid?: string;
	    position: string;
	    grade: string;
	    email: string;
	    phone?: string;
	    status_text?: string;
	    picture?: string;
	    role: string;
	    state: string;
	    rev: number;
	    bot?: boolean;
	    icon?: string;
	    is_admin: boolean;
	    presence: string;
	}
	export interface Member {
	    user_uuid: string;
	    role: string;
	    joined_at: number;
	}
	export interface MemberPage {
	    members: Member[];
	    next: string;
	}
	
	export interface MessageChange {
	    room_uuid: string;
	    changed: Message[];
	    removed: string[];
	    reset: boolean;
	}
	export interface MyChange {
	    favourite?: boolean;
	    pinned?: boolean;
	    locked?: boolean;
	    mute_minutes?: number;
	    notify?: string;
	}
	export interface Notice {
	    notice_uuid: string;
	    author_uuid: string;
	    title: string;
	    text: string;
	    confirm: boolean;
	    due_at: number;
	    created_at: number;
	    edited_at: number;
	    reminded_at: number;
	    asked: boolean;
	    read: boolean;
	    confirmed_at: number;
	}
	export interface NoticeChange {
	    title: string;
	    text: string;
	    confirm: boolean;
	    due_at: number;
	    ask_again: boolean;
	    base_rev: number;
	}
	export interface NoticeDraft {
	    title: string;
	    text: string;
	    confirm: boolean;
	    due_at: number;
	    department_uuids: string[];
	}
	export interface NoticePerson {
	    user_uuid: string;
	    name: string;
	    employee_id: string;
	    department: string;
	    left: boolean;
	    read_at: number;
	    confirmed_at: number;
	}
	export interface NoticePeople {
	    people: NoticePerson[];
	    next: number;
	}
	export interface NoticePeopleQuery {
	    settled: string;
	    department: string;
	    after: number;
	}
	
	export interface NoticeStatus {
	    notice: AdminNotice;
	    departments: wire.NoticeDepartment[];
	}
	export interface Notices {
	    notices: Notice[];
	    more: boolean;
	    unread: number;
	    unsettled: number;
	    waiting: number;
	}
	export interface NotificationTest {
	    problem: string;
	    detail: string;
	    service: string;
	    clicks: boolean;
	    replies: boolean;
	    quiet: string;
	}
	export interface OneTimeCode {
	    code: string;
	    expires_at: number;
	}
	export interface OwnProfile {
	    birth_date: string;
	    editable: string[];
	}
	export interface Page {
	    messages: Message[];
	    has_more: boolean;
	    partial: boolean;
	    first_seq: number;
	    last_seq: number;
	}
	export interface PasswordReset {
	    username: string;
	    compare_code: string;
	    state: string;
	    reason: string;
	    expires_at: number;
	}
	export interface PendingReset {
	    id: number;
	    user_uuid: string;
	    name: string;
	    username: string;
	    employee_id: string;
	    department: string;
	    email: string;
	    compare_code: string;
	    remote_addr: string;
	    requested_at: number;
	    expires_at: number;
	}
	export interface PendingUser {
	    id: number;
	    user_uuid: string;
	    name: string;
	    username: string;
	    employee_id: string;
	    department: string;
	    position: string;
	    grade: string;
	    email: string;
	    created_at: number;
	}
	export interface PeopleImport {
	    state: string;
	    total: number;
	    done: number;
	    counts: Record<string, number>;
	    columns: string[];
	    ignored_columns: string[];
	    new_departments: string[];
	    failure: string;
	    created_at: number;
	}
	export interface Person {
	    user_uuid: string;
	    number?: number;
	    name: string;
	    username: string;
	    employee_id: string;
	    department: string;
	    department_uuid?: string;
	    position: string;
	    grade: string;
	    email: string;
	    phone?: string;
	    status_text?: string;
	    picture?: string;
	    role: string;
	    state: string;
	    rev: number;
	    bot?: boolean;
	    icon?: string;
	    birth_date: string;
	    created_at: number;
	    has_password: boolean;
	}
	
	export interface Piece {
	    text: string;
	    hit: boolean;
	}
	
	export interface Proxy {
	    mode: string;
	    address: string;
	}
	export interface QuietHours {
	    on: boolean;
	    from: string;
	    to: string;
	    days: number[];
	}
	
	export interface Reader {
	    user_uuid: string;
	    read_at: number;
	}
	export interface ReaderPage {
	    users: Reader[];
	    next: string;
	    read_count: number;
	    unread_count: number;
	}
	
	export interface RefusedFile {
	    name: string;
	    size: number;
	    failure?: Failure;
	}
	export interface RetentionRun {
	    run_uuid: string;
	    state: string;
	    phase: string;
	    in_window: boolean;
	    requested_by: string;
	    started_at: number;
	    updated_at: number;
	    finished_at: number;
	    due_messages: number;
	    due_files: number;
	    messages: number;
	    files: number;
	    bytes: number;
	}
	export interface Retention {
	    rules: wire.RetentionRule[];
	    daily: boolean;
	    window_from: number;
	    window_to: number;
	    rev: number;
	    file_policy_days: number;
	    utc_offset: number;
	    runs: RetentionRun[];
	}
	export interface RetentionCount {
	    class: string;
	    rooms: number;
	    messages: number;
	    files: number;
	    bytes: number;
	    oldest: number;
	    held_rooms: number;
	    held_messages: number;
	}
	
	
	
	export interface SearchHit {
	    message: Message;
	    snippet: Piece[];
	}
	export interface SearchPage {
	    hits: SearchHit[];
	    next: number;
	    local: boolean;
	}
	export interface SearchQuery {
	    text: string;
	    room_uuid: string;
	    sender_uuid: string;
	    from: number;
	    to: number;
	    has_file: boolean;
	    before: number;
	}
	export interface ServerCheck {
	    address: string;
	    name: string;
	    version: string;
	    fingerprint: string;
	    issuer: string;
	    encrypted: boolean;
	    problem?: Failure;
	}
	export interface Settings {
	    language: string;
	    theme: string;
	    send_key: string;
	    notifications: boolean;
	    preview_content: boolean;
	    close_to_tray: boolean;
	    idle_lock_minutes: number;
	    hotkey: string;
	    away_minutes: number;
	    autostart: boolean;
	    zoom: number;
	    mentions_always: boolean;
	    keywords: string[];
	    quiet_hours: QuietHours;
	    snooze_until: number;
	    sound: boolean;
	    flash: boolean;
	    recent_emoji: string[];
	    skin_tone: number;
	    cache_mb: number;
	    proxy: Proxy;
	}
	export interface SignUp {
	    username: string;
	    name: string;
	    state: string;
	    reason: string;
	}
	export interface StoreAside {
	    messages: number;
	    drafts: number;
	    files: number;
	    unread: boolean;
	    path: string;
	}
	export interface State {
	    phase: string;
	    link: string;
	    link_problem?: Failure;
	    retry_at: number;
	    server_address: string;
	    server_name: string;
	    server_preset: boolean;
	    me?: Me;
	    sign_up?: SignUp;
	    reset?: PasswordReset;
	    sign_in: wire.SignInWays;
	    browser: boolean;
	    unlock_browser: boolean;
	    notice?: Failure;
	    keyring_ok: boolean;
	    keyring_waits: boolean;
	    idle_lock_most: number;
	    locked: boolean;
	    server_reset: boolean;
	    store_reset: boolean;
	    store_aside?: StoreAside;
	    hotkey: string;
	    app: AppUpdate;
	    managed: string[];
	}
	export interface StoredKind {
	    extension: string;
	    files: number;
	    bytes: number;
	}
	export interface Statistics {
	    at: number;
	    active: number;
	    away: number;
	    dnd: number;
	    people: number;
	    online_slots: number[][];
	    online_hours: number[][];
	    messages: number[][];
	    sign_ups: number[][];
	    bytes: number;
	    files: number;
	    quota: number;
	    kinds: StoredKind[];
	    waiting_users: number;
	    oldest_user: number;
	    waiting_resets: number;
	    oldest_reset: number;
	    counted: number;
	    written: number;
	    kinds_unknown: boolean;
	}
	export interface Storage {
	    cache_bytes: number;
	}
	
	
	export interface Target {
	    room_uuid: string;
	    seq: number;
	    notice_uuid: string;
	    user_uuid: string;
	    settings: boolean;
	    problem: string;
	}
	export interface Transfer {
	    id: string;
	    upload: boolean;
	    room_uuid: string;
	    client_id: string;
	    file_id: string;
	    name: string;
	    size: number;
	    done: number;
	    speed: number;
	    state: string;
	    failure?: Failure;
	}
	export interface Typing {
	    room_uuid: string;
	    user_uuid: string;
	}
	export interface Update {
	    full: boolean;
	    state?: State;
	    settings?: Settings;
	    rooms?: Room[];
	    rooms_removed?: string[];
	    people?: wire.Profile[];
	    departments?: wire.Department[];
	    presence?: wire.UserPresence[];
	    presence_full?: boolean;
	    messages?: MessageChange[];
	    reads?: Reads[];
	    typing?: Typing[];
	    admin?: wire.AdminCounts;
	    access?: AccessNews;
	    open?: Target;
	    unread_total?: number;
	    notices?: Notices;
	    held?: HeldFiles[];
	    transfers?: Transfer[];
	    diagnosis?: Diagnosis;
	}

}

export namespace wire {
	
	export interface AdminCounts {
	    pending_users: number;
	    pending_resets: number;
	    failed_hooks: number;
	}
	export interface AuditFault {
	    kind: string;
	    entry?: number;
	    expected?: number;
	    found?: number;
	}
	export interface Department {
	    department_uuid: string;
	    parent_uuid?: string;
	    name: string;
	    head_uuid?: string;
	    sort: number;
	    deleted?: boolean;
	    rev: number;
	}
	export interface DepartmentRequest {
	    name?: string;
	    parent_uuid?: string;
	    before_uuid?: string;
	    head_uuid?: string;
	}
	export interface DepartmentRoom {
	    department_uuid: string;
	    room_uuid: string;
	    whole: boolean;
	    member_count: number;
	}
	export interface FieldChange {
	    field: string;
	    from: string;
	    to: string;
	}
	export interface FieldError {
	    field: string;
	    message: string;
	}
	export interface FilePolicy {
	    max_bytes: number;
	    types: string[];
	    person_quota: number;
	    total_quota: number;
	    retention_days: number;
	    unscanned: string;
	    encrypted_archives: string;
	    rev: number;
	}
	export interface FilePolicyReply {
	    max_bytes: number;
	    types: string[];
	    person_quota: number;
	    total_quota: number;
	    retention_days: number;
	    unscanned: string;
	    encrypted_archives: string;
	    rev: number;
	    known_types: string[];
	    used_bytes: number;
	    file_count: number;
	    scanner: string;
	}
	export interface HealthLine {
	    name: string;
	    state: string;
	    cause?: string;
	    text?: string;
	    figures?: Record<string, number>;
	}
	export interface IntegrationRoom {
	    room_uuid: string;
	    name: string;
	    closed?: boolean;
	}
	export interface MemberRead {
	    user_uuid: string;
	    joined_seq: number;
	    last_read_seq: number;
	}
	export interface NewIntegration {
	    kind: string;
	    name: string;
	    icon?: string;
	    room_uuids?: string[];
	    scopes?: string[];
	    url?: string;
	    expires_days?: number;
	}
	export interface NoticeDepartment {
	    department_uuid?: string;
	    name: string;
	    asked: number;
	    read: number;
	    confirmed: number;
	}
	export interface PersonRequest {
	    name?: string;
	    email?: string;
	    position?: string;
	    grade?: string;
	    birth_date?: string;
	    phone?: string;
	    status_text?: string;
	    username?: string;
	    employee_id?: string;
	    department_uuid?: string;
	}
	export interface Profile {
	    user_uuid: string;
	    number?: number;
	    name: string;
	    username: string;
	    employee_id: string;
	    department: string;
	    department_uuid?: string;
	    position: string;
	    grade: string;
	    email: string;
	    phone?: string;
	    status_text?: string;
	    picture?: string;
	    role: string;
	    state: string;
	    rev: number;
	    bot?: boolean;
	    icon?: string;
	}
	export interface ProfileRequest {
	    name?: string;
	    email?: string;
	    position?: string;
	    grade?: string;
	    birth_date?: string;
	    phone?: string;
	    status_text?: string;
	}
	export interface RegisterRequest {
	    name: string;
	    employee_id: string;
	    birth_date?: string;
	    position: string;
	    grade: string;
	    department: string;
	    email: string;
	    username: string;
	    password: string;
	}
	export interface RetentionRule {
	    class: string;
	    message_days: number;
	    file_days: number;
	}
	export interface RetentionPolicy {
	    rules: RetentionRule[];
	    daily: boolean;
	    window_from: number;
	    window_to: number;
	    rev: number;
	}
	
	export interface RowProblem {
	    field?: string;
	    reason: string;
	    message: string;
	    other_row?: number;
	}
	export interface SignInWays {
	    directory: boolean;
	    browser: boolean;
	    browser_name?: string;
	}
	export interface SystemNotice {
	    action: string;
	    actor_uuid?: string;
	    user_uuids?: string[];
	    count?: number;
	    name?: string;
	    seq?: number;
	}
	export interface UserPresence {
	    user_uuid: string;
	    state: string;
	}

}


package core

import (
	"context"
	"log/slog"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// This file tells the page where things stand.

// Snapshot returns everything at once.
func (c *Core) Snapshot() (Update, error) {
	c.mu.Lock()
	c.paged = true
	c.mu.Unlock()
	u, err := c.snapshot(c.life)
	return u, fail(err)
}

func (c *Core) snapshot(ctx context.Context) (Update, error) {
	state, settings := c.state(), c.settings()
	var unread int64
	u := Update{
		Full: true, State: &state, Settings: &settings, Rooms: []Room{}, People: []wire.Profile{},
		Departments: []wire.Department{}, Presence: []wire.UserPresence{}, PresenceFull: true, UnreadTotal: &unread,
	}
	s, err := c.present()
	if err != nil {
		return u, nil // nobody is signed in: there is nothing more to tell
	}
	if unread, err = s.unreadTotal(ctx); err != nil || s.lock.Locked() {
		return u, s.storeFailed(err)
	}
	rooms, err := s.store.Rooms(ctx)
	if err != nil {
		return u, s.storeFailed(err)
	}
	u.Rooms = viewRooms(rooms)
	if u.People, err = s.store.People(ctx); err != nil {
		return u, s.storeFailed(err)
	}
	if u.Departments, err = s.store.Departments(ctx); err != nil {
		return u, s.storeFailed(err)
	}
	if u.Held, err = s.viewAllHeld(ctx); err != nil {
		return u, s.storeFailed(err)
	}
	if u.Notices, err = s.viewNotices(ctx); err != nil {
		return u, s.storeFailed(err)
	}
	u.Presence, u.Admin, u.Transfers = s.presence.All(), s.adminCounts(), s.transfers.All()
	u.Access = s.accessNews()
	u.Open, err = c.takeWanted(ctx, s)
	return u, s.storeFailed(err)
}

func (c *Core) state() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	st := State{
		Phase: c.phase(), Link: LinkOffline, ServerAddress: c.cfg.Server, ServerName: c.cfg.ServerName,
		ServerPreset: c.o.ServerPreset != "", Notice: c.notice, KeyringOK: c.vault.OK(), StoreReset: c.storeReset, StoreAside: c.aside, ServerReset: c.serverReset,
		KeyringWaits: c.keyringWaits && c.cfg.Account != nil,
		Managed:      c.o.Policy.managed(),
		IdleLockMost: c.o.Policy.IdleLockMinutes,
		Hotkey:       c.hotkeyState,
		App:          c.appUpdate,
	}
	if c.ways.server == c.cfg.Server {
		st.SignIn = c.ways.ways
	}
	st.Browser = c.browser != nil
	if c.cfg.SignUp != nil {
		copied := *c.cfg.SignUp
		st.SignUp = &copied
	}
	if c.cfg.Reset != nil {
		copied := *c.cfg.Reset
		st.Reset = &copied
	}
	if c.session == nil {
		return st
	}
	st.Locked = c.session.lock.Locked()
	st.UnlockBrowser = c.account.ByBrowser && !c.session.lock.Knows()
	link := c.session.linkNow()
	st.Link = viewLink(link.State)
	if link.State != client.LinkOnline {
		st.LinkProblem = toFailure(link.Cause)
		if !link.RetryAt.IsZero() {
			st.RetryAt = link.RetryAt.UnixMilli()
		}
	}
	st.Me = &Me{Profile: c.account.Profile, IsAdmin: c.account.IsAdmin, Presence: c.session.presence.Mine()}
	return st
}

// phase needs mu.
func (c *Core) phase() Phase {
	switch {
	case c.starting:
		return PhaseStarting
	case c.session != nil:
		return PhaseSignedIn
	case c.cfg.Server == "":
		return PhaseConnect
	case c.cfg.SignUp != nil:
		return PhaseWaiting
	case c.cfg.Reset != nil:
		return PhaseResetting
	}
	return PhaseSignedOut
}

func viewLink(s client.LinkState) Link {
	switch s {
	case client.LinkOnline:
		return LinkOnline
	case client.LinkConnecting:
		return LinkConnecting
	}
	return LinkOffline
}

// emit makes one update of what changed and hands it to the page.
func (c *Core) emit(ctx context.Context, p changes) {
	u, err := c.render(ctx, p)
	if err != nil {
		if ctx.Err() == nil {
			c.o.Logger.ErrorContext(ctx, "prepare an update for the page", slog.Any("error", err))
		}
		return
	}
	c.o.Emitter.Emit(u)
	if u.UnreadTotal != nil {
		c.o.Badge.Set(*u.UnreadTotal)
	}
}

func (c *Core) render(ctx context.Context, p changes) (Update, error) {
	if !c.hasPage() {
		return c.renderUnpaged(ctx, p)
	}
	if s, err := c.present(); err == nil && s.lock.Locked() {
		return c.renderLocked(ctx, s, p)
	}
	if p.full {
		return c.snapshot(ctx)
	}
	u := Update{Admin: p.admin, Access: p.access, PresenceFull: p.presenceFull}
	if p.state {
		state := c.state()
		u.State = &state
	}
	if p.settings {
		settings := c.settings()
		u.Settings = &settings
	}
	if p.diagnosis {
		d := c.lastDiagnosis()
		u.Diagnosis = &d
	}
	s, err := c.present()
	if err != nil {
		return u, nil // signed out meanwhile: the rest is nobody's
	}
	for _, profile := range p.people {
		u.People = append(u.People, profile)
	}
	for id, state := range p.presence {
		u.Presence = append(u.Presence, wire.UserPresence{UserUUID: id, State: state})
	}
	for t := range p.typing {
		u.Typing = append(u.Typing, t)
	}
	for id := range p.reads {
		u.Reads = append(u.Reads, s.readers.View(id))
	}
	for _, t := range p.transfers {
		u.Transfers = append(u.Transfers, t)
	}
	u.RoomsRemoved = keys(p.removed)
	if err := s.renderStored(ctx, p, &u); err != nil {
		return u, s.storeFailed(err)
	}
	u.Open, err = c.takeWanted(ctx, s)
	return u, s.storeFailed(err)
}

// unreadTotal is the number on the badge. Of a muted room only what mentions the user counts.
func (s *session) unreadTotal(ctx context.Context) (int64, error) {
	return s.store.UnreadTotal(ctx, s.o.Clock.Now().UnixMilli())
}

func (c *Core) hasPage() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.paged
}

// renderUnpaged is what the shell needs while there is no page, which begins with a snapshot: rooms and people would be
// prepared, and handed to a web view that is just coming up, for nobody.
func (c *Core) renderUnpaged(ctx context.Context, p changes) (Update, error) {
	if p.full {
		p.state, p.settings, p.unread = true, true, true
	}
	s, err := c.present()
	if err != nil {
		p.unread = false
	}
	return c.renderHead(ctx, s, p)
}

// renderLocked leaves out all that a locked app hides.
func (c *Core) renderLocked(ctx context.Context, s *session, p changes) (Update, error) {
	if p.full {
		return c.snapshot(ctx)
	}
	return c.renderHead(ctx, s, p)
}

// renderHead has what is no content: state, settings, the number of what is unread. s may be nil if that has not changed.
func (c *Core) renderHead(ctx context.Context, s *session, p changes) (Update, error) {
	var u Update
	if p.state {
		state := c.state()
		u.State = &state
	}
	if p.settings {
		settings := c.settings()
		u.Settings = &settings
	}
	if p.unread {
		total, err := s.unreadTotal(ctx)
		if err != nil {
			return u, s.storeFailed(err)
		}
		u.UnreadTotal = &total
	}
	return u, nil
}

// renderStored reads what update takes from the store.
func (s *session) renderStored(ctx context.Context, p changes, u *Update) error {
	if p.departments {
		all, err := s.store.Departments(ctx)
		if err != nil {
			return err
		}
		u.Departments = all
	}
	if p.notices {
		board, err := s.viewNotices(ctx)
		if err != nil {
			return err
		}
		u.Notices = board
	}
	if len(p.rooms) > 0 {
		rooms, err := s.store.RoomsByID(ctx, keys(p.rooms))
		if err != nil {
			return err
		}
		u.Rooms = viewRooms(rooms)
	}
	for id, m := range p.messages {
		unsent, err := s.viewUnsent(ctx, id, m.unsent)
		if err != nil {
			return err
		}
		u.Messages = append(u.Messages, viewMessageChange(id, m, unsent))
	}
	for id := range p.held {
		held, err := s.viewHeld(ctx, id)
		if err != nil {
			return err
		}
		u.Held = append(u.Held, held)
	}
	if p.unread {
		total, err := s.unreadTotal(ctx)
		if err != nil {
			return err
		}
		u.UnreadTotal = &total
	}
	return nil
}

// profileChanged implements accountPort.
func (c *Core) profileChanged(p wire.Profile) {
	c.mu.Lock()
	changed := c.account != nil && c.account.Profile.UserUUID == p.UserUUID && c.account.Profile != p &&
		(p.Rev == 0 || p.Rev >= c.account.Profile.Rev)
	var now account
	if changed {
		now = *c.account
		now.Profile, now.IsAdmin = p, p.Role.IsAdmin()
		c.account = &now
	}
	c.mu.Unlock()
	if !changed {
		return
	}
	if now.Keep {
		c.configure(func(cfg *config) { cfg.Account = &now })
	}
	c.updates.State()
}

// isAdmin implements accountPort.
func (c *Core) isAdmin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.account != nil && c.account.IsAdmin
}

// seesAccess implements accountPort.
func (c *Core) seesAccess() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.account != nil && (c.account.IsAdmin || c.account.Profile.Role == wire.RoleAuditor)
}

// settings implements accountPort.
func (c *Core) settings() Settings {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.o.Policy.over(c.cfg.Settings)
}

// language implements accountPort: the user's choice, or the system's.
func (c *Core) language() string {
	if chosen := c.settings().Language; chosen != "" {
		return chosen
	}
	if c.o.Language == "en" {
		return "en"
	}
	return "ko"
}

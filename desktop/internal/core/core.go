package core

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// Core is the app without its face. Its exported methods are what the page may ask for (shell.Face), and Run, Close, Wake
// and Activate for the shell. All of them may be called from several goroutines at once.
//
// The page's methods wait for the local store, and at most Pace.CallTimeout for the server; an error is a *Failure.
type Core struct {
	o       Options
	vault   *vault
	locker  *locker
	updates *updates

	life  context.Context // ends at Close
	end   context.CancelFunc
	ended chan sessionEnd
	ran   chan struct{} // closed when Run has returned

	choosing sync.Mutex // held while a dialog is open

	// changing is held while somebody signs in or out, or the server's address changes.
	changing sync.Mutex

	browsing sync.WaitGroup // the wait for the browser

	examined diagnosis

	mu           sync.Mutex
	running      bool
	starting     bool
	cfg          config
	account      *account // who is signed in
	session      *session
	notice       *Failure
	storeReset   bool
	serverReset  bool
	newer        *storeRequest // a store that a newer version of the app wrote, so that nobody could be signed in
	aside        *StoreAside   // what became of it
	browser      *browserTry   // under way
	ways         waysIn
	touched      time.Time // when the page was last used by hand
	touchCount   uint64    // and how often it was
	wanted       *Target   // what the page is to show: somebody clicked a notification, or a link
	paged        bool      // there is a page to show it
	keyringWaits bool      // a start waits for the keyring to be unlocked
	launch       Launch    // of the list as it was at the start, until the page has it

	appUpdate  AppUpdate
	updateKick chan struct{}

	hotkeyKick  chan struct{}
	hotkeyState HotkeyState
}

// sessionEnd is a session that can't go on.
type sessionEnd struct {
	session *session
	err     error
}

// New prepares the app: it reads the profile and touches neither the network nor the keyring. Run starts it.
func New(o Options) (*Core, error) {
	o.Pace, o.ServerPreset = o.Pace.orDefaults(), cmp.Or(o.ServerPreset, o.Policy.ServerURL)
	roots, err := o.Policy.roots(o.RootCAs)
	if err != nil {
		o.Logger.Error("the system's trusted certificates can't be read", slog.Any("error", err))
	}
	o.RootCAs = roots
	if err := os.MkdirAll(o.ProfileDir, 0o700); err != nil {
		return nil, fmt.Errorf("profile folder: %w", err)
	}
	cfg, reset, err := loadConfig(o.ProfileDir)
	if err != nil {
		return nil, err
	}
	life, end := context.WithCancel(context.Background())
	c := &Core{
		o: o, cfg: cfg, updates: newUpdates(), starting: true,
		life: life, end: end, ended: make(chan sessionEnd), ran: make(chan struct{}), hotkeyKick: make(chan struct{}, 1),
		updateKick: make(chan struct{}, 1), appUpdate: AppUpdate{State: UpdateUnknown},
	}
	c.vault = newVault(o, c.updates.State)
	c.locker = &locker{dir: filepath.Join(o.ProfileDir, "stores"), vault: c.vault, clock: o.Clock, log: o.Logger}
	if reset {
		o.Logger.Warn("profile.json can't be read; set aside as profile.json.bad")
		c.notice = refuse(codeStore, reasonProfileReset, "profile.json was set aside")
	}
	c.takePreset()
	return c, nil
}

// takePreset puts the address that IT set in place of the one that the profile knows.
func (c *Core) takePreset() {
	if c.o.ServerPreset == "" {
		return
	}
	address, err := client.ParseAddress(c.o.ServerPreset)
	if err != nil {
		c.o.Logger.Error("preset server address is not used", slog.Any("error", err))
		c.o.ServerPreset = ""
		return
	}
	c.o.ServerPreset = address
	if c.cfg.Server != address {
		c.cfg = config{DeviceUUID: c.cfg.DeviceUUID, Settings: c.cfg.Settings, Server: address}
	}
}

// Run opens what the profile holds, connects, and works until ctx ends or Close is called. Call it once.
func (c *Core) Run(ctx context.Context) error {
	c.mu.Lock()
	again := c.running
	c.running = true
	c.mu.Unlock()
	if again {
		return errors.New("core: Run was called before")
	}
	defer close(c.ran)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, c.end)()     // the app ends: so do the calls of the page
	defer context.AfterFunc(c.life, cancel)() //nolint:contextcheck // Close ends Run as well as ctx does

	var work sync.WaitGroup
	work.Go(func() { c.updates.run(ctx, c.o.Pace.Batch, c.emit) })
	c.restore(ctx)
	work.Go(func() { c.awaitKeyring(ctx) })
	work.Go(func() { c.watchAutostart(ctx) })
	work.Go(func() { c.watchSeat(ctx) })
	work.Go(func() { c.watchHotkey(ctx) })
	work.Go(func() { c.watchSignUp(ctx) })
	work.Go(func() { c.watchReset(ctx) })
	work.Go(func() { c.watchServer(ctx) })
	work.Go(func() { c.watchRelease(ctx) })
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case e := <-c.ended:
			c.sessionEnded(ctx, e)
		}
	}
	c.end()
	work.Wait()
	c.dropBrowser(nil)
	c.browsing.Wait()
	c.changing.Lock()
	defer c.changing.Unlock()
	if s := c.takeSession(); s != nil {
		s.close()
	}
	return nil
}

// Close ends Run and waits for it. What was queued stays queued.
func (c *Core) Close() {
	c.end()
	c.mu.Lock()
	running := c.running
	c.mu.Unlock()
	if running {
		<-c.ran
	}
}

// Wake says that the network came back, or that the machine woke up.
func (c *Core) Wake() {
	if s, err := c.present(); err == nil {
		s.auth.HTTP().Close() // what was kept open is dead, and the first call would find that out by waiting
		s.current().conn.Wake()
	}
}

// Activate says that the user clicked a notification: the page is asked to show the room or the notice.
func (c *Core) Activate(roomUUID string, seq int64) {
	if id := noticeOf(roomUUID); id != "" {
		c.want(Target{NoticeUUID: id})
		return
	}
	if checkID(roomUUID) != nil {
		return // one that belongs to no room: the shell shows the window, that is all
	}
	c.want(Target{RoomUUID: roomUUID, Seq: seq})
}

// restore signs in with the tokens that were kept, so that the first paint comes from the store.
func (c *Core) restore(ctx context.Context) {
	c.changing.Lock()
	defer c.changing.Unlock()
	c.restoreHeld(ctx)
}

// restoreHeld is restore while changing is held.
func (c *Core) restoreHeld(ctx context.Context) {
	err := c.tryRestore(ctx)
	if err != nil {
		c.o.Logger.ErrorContext(ctx, "open what was kept", slog.Any("error", err))
	}
	c.mu.Lock()
	c.starting = false
	if err != nil {
		c.notice = toFailure(err)
	}
	begun := c.session != nil
	c.mu.Unlock()
	if !begun { // a session has told the page of itself; once more, and changes that it made since would be lost
		c.updates.Full()
	}
}

func (c *Core) tryRestore(ctx context.Context) error {
	tokens, err := c.tokens(ctx) // asked in any case: it shows whether the keyring works
	c.mu.Lock()
	kept := c.cfg.Account
	c.keyringWaits = asksToUnlock(kept, err)
	c.mu.Unlock()
	if kept == nil || errors.Is(err, ErrNoSecret) || err != nil && !c.vault.OK() {
		return nil // nobody, or nobody who can be known now: the sign-in screen
	}
	if err != nil {
		return err
	}
	return c.startSession(ctx, *kept, beginning{tokens: tokens})
}

// beginning is what a session starts with. suspect: the store was found to be damaged. epoch: of the history for which the
// copy in it is to be made anew, nil for none; trouble: why that failed just now. password is what the user has just signed
// in with, empty at a start with kept tokens.
type beginning struct {
	tokens   client.Tokens
	suspect  bool
	epoch    *int64
	trouble  error
	password string
}

// startSession opens the person's store and connects. ctx is the app's life, and with it the session's. changing is held.
func (c *Core) startSession(ctx context.Context, who account, begin beginning) error {
	http, err := c.newHTTP()
	if err != nil {
		return err
	}
	name := storeName(http.Address(), who.Profile.UserUUID)
	local, reset, err := c.locker.open(ctx, storeRequest{
		name: name, user: who.Profile.UserUUID, suspect: begin.suspect, epoch: begin.epoch,
	})
	if err != nil {
		http.Close()
		c.noteNewer(name, who.Profile.UserUUID, err)
		return fmt.Errorf("%w: %w", errStore, err)
	}
	lock, err := c.openLock(ctx, local, begin.password)
	if err != nil {
		http.Close()
		return fmt.Errorf("%w: %w", errStore, errors.Join(err, local.Close()))
	}
	c.prune(ctx, local)
	keep := func(t client.Tokens) error { return c.keepTokens(context.WithoutCancel(ctx), t, who.Keep) }
	s := newSession(ctx, c.o, sessionParts{
		me: who.Profile.UserUUID, store: local, lock: lock, auth: client.NewSession(http, begin.tokens, keep),
		updates: c.updates, account: c, trouble: begin.trouble,
	})
	if err := s.downloads.restore(ctx); err != nil {
		c.o.Logger.ErrorContext(ctx, "read downloads", slog.Any("error", s.storeFailed(err)))
	}
	launch := s.launch(ctx)
	c.mu.Lock()
	c.session, c.account, c.notice, c.storeReset, c.starting, c.launch = s, &who, nil, reset, false, launch
	c.serverReset, c.newer = begin.epoch != nil, nil
	c.mu.Unlock()
	c.updates.Full()
	s.start(func(err error) {
		select {
		case c.ended <- sessionEnd{s, err}:
		case <-s.life.Done():
		}
	})
	return nil
}

// keepMessages is how many of a room's newest messages stay on this device; older ones are asked for again.
const keepMessages = 5000

// prune runs once a day, before the sync engine reads what is held.
func (c *Core) prune(ctx context.Context, local *store.Store) {
	today := day(c.o.Clock.Now())
	c.mu.Lock()
	due := c.cfg.LastPrune != today
	c.mu.Unlock()
	if !due {
		return
	}
	dropped, err := local.Prune(ctx, keepMessages)
	if err != nil {
		c.o.Logger.WarnContext(ctx, "prune the local store", slog.Any("error", err))
		return
	}
	c.o.Logger.InfoContext(ctx, "local store pruned", slog.Int64("messages", dropped))
	c.configure(func(cfg *config) { cfg.LastPrune = today })
}

// sessionEnded follows a session that can't go on: the server ended it, its store is damaged, or the server was restored from
// a backup and what the store and the session hold is void.
func (c *Core) sessionEnded(ctx context.Context, e sessionEnd) {
	c.changing.Lock()
	defer c.changing.Unlock()
	c.mu.Lock()
	current, who := c.session == e.session, c.account
	c.mu.Unlock()
	if !current {
		return // somebody signed out meanwhile
	}
	c.o.Logger.WarnContext(ctx, "session ended", slog.Any("error", e.err))
	var other *client.EpochError
	switch {
	case errors.Is(e.err, store.ErrDamaged):
		e.err = c.restartSession(ctx, *who, beginning{suspect: true})
	case errors.As(e.err, &other):
		e.err = c.restartSession(ctx, *who, beginning{epoch: &other.Epoch})
	}
	if e.err == nil {
		return
	}
	reason := client.ReasonOf(e.err)
	c.dropSession(ctx, reason == wire.ReasonDisabled || reason == wire.ReasonDeviceRemoved)
	c.mu.Lock()
	c.notice = toFailure(e.err)
	c.mu.Unlock()
	c.updates.Full()
}

// restartSession puts another session in the place of one that can't go on with its store. Where a copy can't be made anew
// just now, the old one is shown, and the next connection tries again. changing is held.
func (c *Core) restartSession(ctx context.Context, who account, begin beginning) error {
	c.mu.Lock()
	c.starting = true // nobody is to be asked to sign in meanwhile
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.starting = false
		c.mu.Unlock()
	}()
	s := c.takeSession()
	s.close()
	if begin.epoch != nil {
		s.notes.Clear() // they name messages by numbers
		c.mu.Lock()
		c.wanted = nil
		c.mu.Unlock()
	}
	var err error
	if begin.tokens, err = c.tokens(ctx); err != nil {
		return err
	}
	err = c.startSession(ctx, who, begin)
	if err != nil && begin.epoch != nil {
		begin.epoch, begin.trouble = nil, err
		err = c.startSession(ctx, who, begin)
	}
	return err
}

// dropSession signs out on this device. wipe: the person's store goes, too. changing is held.
func (c *Core) dropSession(ctx context.Context, wipe bool) {
	c.mu.Lock()
	who, server := c.account, c.cfg.Server
	c.account, c.wanted, c.aside = nil, nil, nil
	c.mu.Unlock()
	c.dropBrowser(nil)
	if s := c.takeSession(); s != nil {
		s.close()
		s.notes.Clear()
		if wipe {
			s.downloads.RemoveParts()
		}
	}
	c.vault.Forget(ctx, secretTokens)
	c.configure(func(cfg *config) { cfg.Account, cfg.Locked = nil, false })
	if wipe && who != nil {
		if err := c.locker.wipe(ctx, storeName(server, who.Profile.UserUUID)); err != nil {
			c.o.Logger.ErrorContext(ctx, "wipe the local store", slog.Any("error", err))
		}
	}
	c.updates.Full()
}

// takeSession takes the session out, so that no call of the page finds it.
func (c *Core) takeSession() *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.session
	c.session, c.launch = nil, Launch{}
	return s
}

// configure changes profile.json. A failure is logged: the app works on with what it has in memory.
func (c *Core) configure(change func(*config)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.cfg)
	if err := saveConfig(c.o.ProfileDir, c.cfg); err != nil {
		c.o.Logger.Error("save the profile", slog.Any("error", err))
	}
}

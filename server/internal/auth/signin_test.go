package auth_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/crypto/argon2"

	"himsg/server/internal/auth"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

func TestFromSignUpToSignIn(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	token := w.register("kim")
	state := func(want wire.UserState) {
		t.Helper()
		got, err := w.RegisterStatus(ctx, token)
		if err != nil || got.State != want {
			t.Fatalf("status %+v, %v; want %s", got, err, want)
		}
	}
	try := func(password string) error {
		_, err := w.Login(ctx, wire.LoginRequest{Username: "KIM", Password: password}, uuid.NewString())
		return err
	}
	state(wire.UserPending)
	refused(t, try("wrong password"), wire.Unauthenticated, wire.ReasonBadCredentials)
	refused(t, try(goodPassword), wire.Forbidden, wire.ReasonPending)

	u, err := w.db.AccountByUsername(ctx, "kim")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.db.Approve(ctx, u.ID, model.AuditEntry{At: 1, Action: model.AuditUserApproved}); err != nil {
		t.Fatal(err)
	}
	state(wire.UserActive)
	if err := try(goodPassword); err != nil {
		t.Errorf("after approval: %v", err)
	}

	rejected := w.register("lee")
	l, err := w.db.AccountByUsername(ctx, "lee")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.db.Reject(ctx, l.ID, "확인 필요", model.AuditEntry{At: 1, Action: model.AuditUserRejected}); err != nil {
		t.Fatal(err)
	}
	if got, err := w.RegisterStatus(ctx, rejected); err != nil || got.State != wire.UserRejected || got.Reason != "확인 필요" {
		t.Errorf("rejected: %+v, %v", got, err)
	}
	_, err = w.Login(ctx, wire.LoginRequest{Username: "lee", Password: "wrong password"}, "a")
	refused(t, err, wire.Unauthenticated, wire.ReasonBadCredentials)
	_, err = w.Login(ctx, wire.LoginRequest{Username: "lee", Password: goodPassword}, "a")
	refused(t, err, wire.Forbidden, wire.ReasonRejected)
	w.register("lee") // trying deleted nothing, and signing up again works

	for _, unknown := range []string{"", "x", strings.Repeat("x", 10_000)} {
		if _, err := w.RegisterStatus(ctx, unknown); !errs.Is(err, wire.NotFound) {
			t.Errorf("unknown token: %v", err)
		}
	}
}

func TestBadSignUps(t *testing.T) {
	w := newWorld(t)
	w.member("taken")
	for name, c := range map[string]struct {
		change func(*wire.RegisterRequest)
		field  string
		reason wire.Reason
	}{
		"no name":                 {func(f *wire.RegisterRequest) { f.Name = "  " }, "name", ""},
		"a name of 10,000":        {func(f *wire.RegisterRequest) { f.Name = strings.Repeat("김", 10_000) }, "name", ""},
		"a name of 101":           {func(f *wire.RegisterRequest) { f.Name = strings.Repeat("김", 101) }, "name", ""},
		"a line break":            {func(f *wire.RegisterRequest) { f.Name = "김\n관리자" }, "name", ""},
		"a direction override":    {func(f *wire.RegisterRequest) { f.Name = "김\u202egnp.exe" }, "name", ""},
		"broken UTF-8":            {func(f *wire.RegisterRequest) { f.Name = "\xff\xfe" }, "name", ""},
		"no number":               {func(f *wire.RegisterRequest) { f.EmployeeID = "" }, "employee_id", ""},
		"no such date":            {func(f *wire.RegisterRequest) { f.BirthDate = "1990-02-30" }, "birth_date", ""},
		"a date in words":         {func(f *wire.RegisterRequest) { f.BirthDate = "yesterday" }, "birth_date", ""},
		"no e-mail":               {func(f *wire.RegisterRequest) { f.Email = "" }, "email", ""},
		"half an e-mail":          {func(f *wire.RegisterRequest) { f.Email = "kim@" }, "email", ""},
		"two in one":              {func(f *wire.RegisterRequest) { f.Email = "a@b@c.de" }, "email", ""},
		"no user name":            {func(f *wire.RegisterRequest) { f.Username = "" }, "username", ""},
		"a path as user name":     {func(f *wire.RegisterRequest) { f.Username = "../x" }, "username", ""},
		"dots as user name":       {func(f *wire.RegisterRequest) { f.Username = ".." }, "username", ""},
		"blank in the user name":  {func(f *wire.RegisterRequest) { f.Username = "kim lee" }, "username", ""},
		"password of 7":           {func(f *wire.RegisterRequest) { f.Password = "가나다라마바사" }, "password", wire.ReasonWeakPassword},
		"password of 129":         {func(f *wire.RegisterRequest) { f.Password = strings.Repeat("ab1", 43) }, "password", wire.ReasonWeakPassword},
		"password that all have":  {func(f *wire.RegisterRequest) { f.Password = "PassWord123" }, "password", wire.ReasonWeakPassword},
		"password in Korean keys": {func(f *wire.RegisterRequest) { f.Password = "tkfkdgo123" }, "password", wire.ReasonWeakPassword},
		"password of one letter":  {func(f *wire.RegisterRequest) { f.Password = "zzzzzzzzzz" }, "password", wire.ReasonWeakPassword},
		"password that counts":    {func(f *wire.RegisterRequest) { f.Password = "45678901" }, "password", wire.ReasonWeakPassword},
		"password is user name":   {func(f *wire.RegisterRequest) { f.Username, f.Password = "Kim.Chulsoo", "kim.chulsoo" }, "password", wire.ReasonWeakPassword},
		"user name taken":         {func(f *wire.RegisterRequest) { f.Username = "TAKEN" }, "", wire.ReasonUsernameTaken},
		"e-mail taken":            {func(f *wire.RegisterRequest) { f.Email = "Taken@Example.com" }, "", wire.ReasonEmailTaken},
		"number taken":            {func(f *wire.RegisterRequest) { f.EmployeeID = "etaken" }, "", wire.ReasonEmployeeIDTaken},
	} {
		t.Run(name, func(t *testing.T) {
			f := form("new")
			c.change(&f)
			_, err := w.Register(context.Background(), f, "10.0.0.1")
			refused(t, err, wire.BadRequest, c.reason)
			fields := errs.As(err).Fields
			if c.field != "" && !slices.ContainsFunc(fields, func(f errs.Field) bool { return f.Name == c.field }) {
				t.Errorf("fields %v, want %s", fields, c.field)
			}
		})
	}
	t.Run("all that is wrong is named at once", func(t *testing.T) {
		_, err := w.Register(context.Background(), wire.RegisterRequest{Password: goodPassword}, "10.0.0.1")
		if n := len(errs.As(err).Fields); n != 4 {
			t.Errorf("%d fields: %v", n, err)
		}
	})
}

func TestHangulPasswordsWorkFromEveryKeyboard(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	decomposed := "\u1100\u1175\u11af\u1100\u1169 \u110c\u1169\u11c2\u110b\u1173\u11ab \u1107\u1175\u1106\u1175\u11af\u1107\u1165\u11ab\u1112\u1169 42"
	if _, err := w.Login(context.Background(), wire.LoginRequest{Username: "kim", Password: decomposed}, "a"); err != nil {
		t.Errorf("decomposed: %v", err)
	}
}

// changer has a password changed between its check and the start of a session.
type changer struct {
	*sqlstore.DB
	change func()
}

// StartSession implements auth.Sessions.
func (c *changer) StartSession(ctx context.Context, s auth.NewSession) error {
	if c.change != nil {
		change := c.change
		c.change = nil
		change()
	}
	return c.DB.StartSession(ctx, s)
}

func TestTheOldPasswordDoesNotSlipInBesideItsChange(t *testing.T) {
	w := newWorld(t)
	w.member("boss")
	boss := w.actor(w.login("boss").Access)
	const next = "Another 98765 good"
	sessions := &changer{DB: w.db}
	w.restartOn(sessions)
	sessions.change = func() {
		if err := w.ChangePassword(context.Background(), boss, goodPassword, next); err != nil {
			t.Error(err)
		}
	}
	_, err := w.Login(context.Background(), wire.LoginRequest{Username: "boss", Password: goodPassword}, "10.0.0.9")
	refused(t, err, wire.Unauthenticated, wire.ReasonBadCredentials)
	if _, err = w.Login(context.Background(), wire.LoginRequest{Username: "boss", Password: next}, "10.0.0.9"); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestUnknownNamesTakeAsLongAsKnownOnes(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	samples := storetest.Samples(t, 30)
	took := map[string][]time.Duration{}
	for range samples { // in turn, so that a busy machine slows both
		for _, name := range []string{"kim", "nobody"} {
			start := time.Now()
			_, err := w.Login(context.Background(), wire.LoginRequest{Username: name, Password: "not the password"}, uuid.NewString())
			took[name] = append(took[name], time.Since(start))
			refused(t, err, wire.Unauthenticated, wire.ReasonBadCredentials)
		}
	}
	known, unknown := storetest.SpreadOf(took["kim"]), storetest.SpreadOf(took["nobody"])
	ratio := float64(known.Median) / float64(unknown.Median)
	t.Logf("median of %d: known %v, unknown %v, ratio %.3f; the middle halves: %v and %v", samples, known.Median, unknown.Median, ratio,
		known, unknown)
	// Without the hash for nobody the ratio is about 100.
	if ratio > 2 || ratio < 0.5 {
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}

func TestTwoHundredSignInsAtOnceAllGetAnAnswerInBoundedMemory(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	var before, peak runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			select {
			case <-stop:
				return
			case <-tick.C:
				runtime.ReadMemStats(&m)
				if m.HeapInuse > peak.HeapInuse {
					peak = m
				}
			}
		}
	})
	var mu sync.Mutex
	answers := map[wire.Code]int{}
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			_, err := w.Login(context.Background(), wire.LoginRequest{Username: "kim", Password: goodPassword}, numbered(i))
			code := wire.Code("in")
			if err != nil {
				code = errs.As(err).Code
			}
			mu.Lock()
			defer mu.Unlock()
			answers[code]++
		})
	}
	all.Wait()
	close(stop)
	watch.Wait()
	grown := (int64(peak.HeapInuse) - int64(before.HeapInuse)) >> 20
	t.Logf("answers %v, heap grew by at most %d MiB (200 at once would take 3800)", answers, grown)
	if answers["in"]+answers[wire.Unavailable] != 200 || answers["in"] < 20 {
		t.Errorf("answers %v", answers)
	}
	if grown > 300 {
		t.Errorf("heap grew by %d MiB", grown)
	}
}

func TestAWeakHashIsReplacedAtSignIn(t *testing.T) {
	db := storetest.SQLite(t)
	w := worldOn(t, db)
	u := w.member("kim")
	salt := make([]byte, 16)
	key := argon2.IDKey([]byte(goodPassword), salt, 1, 8*1024, 1, 32)
	b64 := base64.RawStdEncoding
	weak := fmt.Sprintf("$argon2id$v=19$m=8192,t=1,p=1$%s$%s", b64.EncodeToString(salt), b64.EncodeToString(key))
	if err := db.ReplacePasswordHash(context.Background(), u.ID, u.PasswordHash, weak); err != nil {
		t.Fatal(err)
	}
	w.login("kim")
	got, err := db.Account(context.Background(), u.ID)
	if err != nil || !strings.HasPrefix(got.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q, %v", got.PasswordHash, err)
	}
	w.login("kim")
}

func TestChangingThePassword(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	actor := w.actor(w.login("kim").Access)
	ctx := context.Background()
	for name, c := range map[string]struct {
		current, next string
		code          wire.Code
		reason        wire.Reason
	}{
		"nothing":  {"", "", wire.BadRequest, ""},
		"wrong":    {"not it at all", "ein anderes Wort 9", wire.Unauthenticated, wire.ReasonWrongPassword},
		"too weak": {goodPassword, "password", wire.BadRequest, wire.ReasonWeakPassword},
		"its name": {goodPassword, "kim", wire.BadRequest, wire.ReasonWeakPassword},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, w.ChangePassword(ctx, actor, c.current, c.next), c.code, c.reason)
		})
	}
	if err := w.ChangePassword(ctx, actor, goodPassword, "ein anderes Wort 9"); err != nil {
		t.Fatal(err)
	}
	_, err := w.Login(ctx, wire.LoginRequest{Username: "kim", Password: goodPassword}, "b")
	refused(t, err, wire.Unauthenticated, wire.ReasonBadCredentials)
	if _, err := w.Login(ctx, wire.LoginRequest{Username: "kim", Password: "ein anderes Wort 9"}, "c"); err != nil {
		t.Error(err)
	}
	for range 10 {
		err = w.ChangePassword(ctx, actor, "guess a password", "ein anderes Wort 10")
	}
	refused(t, err, wire.RateLimited, "")
}

func TestAFullQueueIsUnavailable(t *testing.T) {
	h := auth.NewHasher(1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { _, _ = h.Hash(context.Background(), "occupy the only slot") })
	}
	_, err := h.Hash(ctx, "gone already")
	all.Wait()
	if err != nil && !errs.Is(err, wire.Unavailable) {
		t.Errorf("got %v", err)
	}
}

package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/auth"
	"himsg/shared/wire"
)

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// TestAnOldPasswordSignsInAndIsStoredAsAnyOther: what comes from the original is its hash within ours, until the first sign-in.
func TestAnOldPasswordSignsInAndIsStoredAsAnyOther(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	const old = "1234" // the original allowed it
	user, err := w.db.AccountByUsername(context.Background(), "kim")
	if err != nil {
		t.Fatal(err)
	}
	stored, err := w.hasher.HashOld(context.Background(), strings.ToUpper(sha256Hex(old)))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(stored), sha256Hex(old)) || !strings.HasPrefix(stored, "$argon2id-sha256$v=19$m=19456,t=2,p=1$") {
		t.Errorf("stored as %s", stored)
	}
	if err := w.db.ReplacePasswordHash(context.Background(), user.ID, user.PasswordHash, stored); err != nil {
		t.Fatal(err)
	}
	login := func(password string) error {
		_, err := w.Login(context.Background(), wire.LoginRequest{Username: "kim", Password: password}, "192.0.2.1")
		return err
	}
	for _, wrong := range []string{"12345", sha256Hex(old), strings.ToUpper(sha256Hex(old)), stored} {
		if login(wrong) == nil {
			t.Errorf("signed in with %q", wrong)
		}
		w.pass(time.Hour) // guessing is slow
	}
	if again, _ := w.db.AccountByUsername(context.Background(), "kim"); again.PasswordHash != stored {
		t.Error("a wrong password changed what is stored")
	}
	if err := login(old); err != nil {
		t.Fatal(err)
	}
	after, err := w.db.AccountByUsername(context.Background(), "kim")
	if err != nil || !strings.HasPrefix(after.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%v: stored as %s", err, after.PasswordHash)
	}
	if ok, weak, err := w.hasher.Verify(context.Background(), after.PasswordHash, old); err != nil || !ok || weak {
		t.Errorf("%t, weak %t, %v", ok, weak, err)
	}
	if err := login(old); err != nil {
		t.Errorf("the second time: %v", err)
	}
}

func TestWhatIsNoOldHashIsRefused(t *testing.T) {
	h := auth.NewHasher(1)
	for _, bad := range []string{"", "abc", strings.Repeat("g", 64), strings.Repeat("a", 62), strings.Repeat("a", 66)} {
		if _, err := h.HashOld(context.Background(), bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

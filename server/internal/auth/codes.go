package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"himsg/server/internal/model"
)

// How long one-time codes hold.
const (
	ResetCodeLife   = 10 * time.Minute
	InitialCodeLife = 14 * 24 * time.Hour
)

// codeLetters leaves out what people take for one another when they read aloud (0 O, 1 I L, U V).
const codeLetters = "23456789ABCDEFGHJKMNPQRSTWXYZ"

const (
	codeLength    = 8 // five tries hit one in 100 billion
	compareLength = 4
)

// NewCode makes a one-time code for a person: what is told to him, and what is stored. userID may be filled in later.
func (s *Service) NewCode(userID int64, purpose model.CodePurpose, by int64) (code string, stored model.OneTimeCode) {
	life := ResetCodeLife
	if purpose == model.CodeInitial {
		life = InitialCodeLife
	}
	code = randomLetters(codeLength)
	now := s.o.Now()
	return code[:codeLength/2] + "-" + code[codeLength/2:], model.OneTimeCode{
		UserID: userID, Purpose: purpose, Hash: s.codeHash(code), CreatedAt: now.UnixMilli(), CreatedBy: by,
		ExpiresAt: now.Add(life).UnixMilli(),
	}
}

// codeHash keys the hash: a code is short, and whoever has only the database must not be able to try them all.
func (s *Service) codeHash(code string) string {
	mac := hmac.New(sha256.New, s.o.Secret.derive("code"))
	mac.Write([]byte(plainCode(code)))
	return hex.EncodeToString(mac.Sum(nil))
}

// plainCode is a code without what people put between its letters.
func plainCode(code string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(code))
}

// randomLetters draws letters, each with the same chance.
func randomLetters(n int) string {
	out := make([]byte, 0, n)
	draw := make([]byte, 1)
	for len(out) < n {
		_, _ = rand.Read(draw) // it never fails
		if i := int(draw[0]) % 32; i < len(codeLetters) {
			out = append(out, codeLetters[i])
		}
	}
	return string(out)
}

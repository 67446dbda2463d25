package core

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"himsg/shared/wire"
)

// A launch picture is what the window showed of the list of rooms, as markup: the next start shows it before the page's code
// has been read (ADR 0023). It is kept in the store, and shown only as long as the list is still the same.

// LaunchPicture is what the page keeps of itself.
type LaunchPicture struct {
	// Page is the path of the page's code: another version has other styles.
	Page string `json:"page"`
	// Language is ko or en, Scheme light or dark, Zoom in percent: of the document around it.
	Language string `json:"language"`
	Scheme   string `json:"scheme"`
	Zoom     int    `json:"zoom"`
	// Style is CSS, Markup HTML without script; at most maxLaunchBytes together.
	Style  string `json:"style"`
	Markup string `json:"markup"`
}

// keptLaunch is the picture's name in the store.
const keptLaunch = "launch"

const maxLaunchBytes = 256 << 10

// storedLaunch is what the store keeps. List says of which list it is, Day on which day: times are written by it.
type storedLaunch struct {
	LaunchPicture
	List string `json:"list"`
	Day  string `json:"day"`
}

// Launch is a picture to show. OtherDay: it was taken on another day than today's, so the times in it are wrong.
type Launch struct {
	LaunchPicture
	OtherDay bool
}

var errLaunch = errors.New("not a picture of the page")

// KeepLaunch keeps a picture for the next start. The page calls it when its list has not changed for a moment.
func (c *Core) KeepLaunch(picture LaunchPicture) error {
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	if err := picture.check(); err != nil {
		return refuse(wire.BadRequest, "", err.Error())
	}
	ctx, cancel := s.call()
	defer cancel()
	list, err := s.listSum(ctx)
	if err != nil {
		return fail(s.storeFailed(err))
	}
	text, err := json.Marshal(storedLaunch{LaunchPicture: picture, List: list, Day: today(c.o.Clock)})
	if err != nil {
		return fail(fmt.Errorf("encode launch picture: %w", err))
	}
	return fail(s.storeFailed(s.store.KeepCopy(ctx, keptLaunch, string(text))))
}

// check refuses what can't have been made by the page: what runs is refused by its policy, and here as well.
func (p LaunchPicture) check() error {
	switch {
	case len(p.Style)+len(p.Markup) > maxLaunchBytes || len(p.Page) > 256 || p.Markup == "":
		return errLaunch
	case p.Language != "ko" && p.Language != "en", p.Scheme != "light" && p.Scheme != "dark":
		return errLaunch
	case p.Zoom < 50 || p.Zoom > 300:
		return errLaunch
	case strings.Contains(p.Style, "<"), strings.Contains(strings.ToLower(p.Markup), "<script"):
		return errLaunch
	}
	return nil
}

// listSum stands for all that the list of rooms says. People are in it by the revision of their directory.
func (s *session) listSum(ctx context.Context) (string, error) {
	rooms, err := s.store.Rooms(ctx)
	if err != nil {
		return "", err
	}
	rev, err := s.store.DirectoryRev(ctx)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(struct {
		Rooms []Room
		Rev   int64
	}{viewRooms(rooms), rev}); err != nil {
		return "", fmt.Errorf("encode rooms: %w", err)
	}
	return base64.RawStdEncoding.EncodeToString(sum.Sum(nil)), nil
}

// launchPoll is how often Launch looks whether the store is open.
const launchPoll = 2 * time.Millisecond

// Launch returns the picture of the list as the store had it when it was opened, before anything new came; once. ctx bounds the waiting for the store. Nobody signed in, or a
// locked app: none.
func (c *Core) Launch(ctx context.Context) (Launch, bool) {
	s, ok := c.begun(ctx)
	if !ok || s.lock.Locked() {
		return Launch{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	picture := c.launch
	c.launch = Launch{}
	return picture, picture.Markup != ""
}

// begun waits until the start has come to a session, or to none.
func (c *Core) begun(ctx context.Context) (*session, bool) {
	tick := time.NewTicker(launchPoll)
	defer tick.Stop()
	for {
		c.mu.Lock()
		starting, s := c.starting, c.session
		c.mu.Unlock()
		if !starting {
			return s, s != nil
		}
		select {
		case <-ctx.Done():
			return nil, false
		case <-tick.C:
		}
	}
}

// launch reads what was kept, if the list is still the same. It is called before the session begins.
func (s *session) launch(ctx context.Context) Launch {
	kept, err := s.keptLaunch(ctx)
	if err != nil {
		s.o.Logger.WarnContext(ctx, "read the launch picture", slog.Any("error", err))
	}
	return kept
}

func (s *session) keptLaunch(ctx context.Context) (Launch, error) {
	text, err := s.store.Kept(ctx, keptLaunch)
	if err != nil || text == "" {
		return Launch{}, err
	}
	var kept storedLaunch
	if json.Unmarshal([]byte(text), &kept) != nil || kept.check() != nil {
		return Launch{}, nil // another version's
	}
	list, err := s.listSum(ctx)
	if err != nil || list != kept.List {
		return Launch{}, err
	}
	return Launch{LaunchPicture: kept.LaunchPicture, OtherDay: kept.Day != today(s.o.Clock)}, nil
}

// today is the day that times are written by: the user's own.
func today(clock Clock) string { return clock.Now().Local().Format(time.DateOnly) }

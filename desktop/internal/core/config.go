package core

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// config is what a profile keeps outside the store, in profile.json: what is needed before anybody signs in. It holds no
// secret.
type config struct {
	DeviceUUID  string   `json:"device_uuid"`
	Server      string   `json:"server,omitempty"`
	ServerName  string   `json:"server_name,omitempty"`
	Fingerprint string   `json:"fingerprint,omitempty"` // of a certificate that the user accepted
	Settings    Settings `json:"settings"`
	Account     *account `json:"account,omitempty"` // who is signed in
	SignUp      *SignUp  `json:"sign_up,omitempty"` // what waits for a decision
	// RegisterToken follows the sign-up; it stands here only where the keyring does not work.
	RegisterToken string `json:"register_token,omitempty"`
	// Reset is a request for a new password; its secret is in the keyring.
	Reset *PasswordReset `json:"reset,omitempty"`
	// Locked: the app was locked when it ended, or is.
	Locked bool `json:"locked,omitempty"`
	// LastPrune is the day of the store's last pruning, in days since 1970.
	LastPrune int64 `json:"last_prune,omitempty"`
}

// account is the signed-in person as the profile keeps him.
type account struct {
	Profile wire.Profile `json:"profile"`
	IsAdmin bool         `json:"is_admin"`
	// ByBrowser: he signed in at the company's page, without a password.
	ByBrowser bool `json:"by_browser,omitempty"`
	// Keep: the user wants to be signed in after the next start.
	Keep bool `json:"keep"`
}

const (
	configFile     = "profile.json"
	defaultCacheMB = 250
	// maxConfigBytes bounds what is read: the file is ours, but anybody can put another one there.
	maxConfigBytes = 64 << 10
)

func defaultSettings() Settings {
	return Settings{
		Theme: "system", SendKey: "enter", Notifications: true, PreviewContent: true, CloseToTray: true, Zoom: 100, AwayMinutes: 10,
		MentionsAlways: true, RecentEmoji: []string{}, CacheMB: defaultCacheMB, Proxy: Proxy{Mode: ProxySystem},
		Keywords: []string{}, QuietHours: defaultQuietHours(), Sound: true, Flash: true,
	}
}

// loadConfig reads profile.json. A file that can't be read as one is put aside as profile.json.bad and a new one begins, which
// is said (reset): the user types the server's address again, which is better than an app that does not start.
func loadConfig(dir string) (loaded config, reset bool, err error) {
	fresh := config{DeviceUUID: uuid.NewString(), Settings: defaultSettings()}
	path := filepath.Join(dir, configFile)
	text, err := os.ReadFile(path) //nolint:gosec // G304: a fixed name in the profile's folder
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, false, saveConfig(dir, fresh)
	}
	if err != nil {
		return config{}, false, fmt.Errorf("read %s: %w", configFile, err)
	}
	loaded = config{Settings: defaultSettings()}
	if len(text) > maxConfigBytes || json.Unmarshal(text, &loaded) != nil || uuid.Validate(loaded.DeviceUUID) != nil {
		if err := os.Rename(path, path+".bad"); err != nil {
			return config{}, false, fmt.Errorf("put %s aside: %w", configFile, err)
		}
		return fresh, true, saveConfig(dir, fresh)
	}
	// Another version of the app may have known others.
	loaded.Settings.Keywords, loaded.Settings.QuietHours.Days = orEmpty(loaded.Settings.Keywords), orEmpty(loaded.Settings.QuietHours.Days)
	loaded.Settings.RecentEmoji = slices.DeleteFunc(orEmpty(loaded.Settings.RecentEmoji), unknownEmoji)
	if checkSettings(loaded.Settings) != nil {
		loaded.Settings = defaultSettings()
	}
	return loaded, false, nil
}

// saveConfig replaces profile.json as a whole: a crash leaves the old one or the new one.
func saveConfig(dir string, c config) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", configFile, err)
	}
	return ReplaceFile(filepath.Join(dir, configFile), text)
}

// DefaultProfileDir is where a profile is when nobody says otherwise: Hi_Msg in the user's configuration folder.
func DefaultProfileDir() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("default profile: %w", err)
	}
	return filepath.Join(dir, "Hi_Msg"), nil
}

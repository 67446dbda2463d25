package secret

import (
	"errors"
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// Names of the Secret Service, and the two places where go-keyring keeps what it is given.
const (
	service        = "org.freedesktop.secrets"
	serviceObject  = "/org/freedesktop/secrets"
	serviceMethods = "org.freedesktop.Secret.Service"
	collectionOf   = "org.freedesktop.Secret.Collection"
	promptOf       = "org.freedesktop.Secret.Prompt"

	loginCollection   dbus.ObjectPath = "/org/freedesktop/secrets/collection/login"
	defaultCollection dbus.ObjectPath = "/org/freedesktop/secrets/aliases/default"
)

// unlock has a locked keyring ask its user, and waits for what he does, however long. It returns errDismissed when he sends the prompt
// away, or may not be asked. A keyring that is open, or that can't be asked, is no error: the call that follows says what is wrong with it.
//
// go-keyring unlocks too, but takes the first signal of whatever kind for the prompt's answer, so that its calls fail while the prompt is
// still there (v0.2.8, handlePrompt).
func unlock(mayAsk bool) error {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return nil //nolint:nilerr // said by the call that follows
	}
	defer func() { _ = conn.Close() }()
	locked := lockedCollection(conn)
	if locked == "" {
		return nil
	}
	if !mayAsk {
		return errDismissed
	}
	var opened []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err = conn.Object(service, serviceObject).Call(serviceMethods+".Unlock", 0, []dbus.ObjectPath{locked}).Store(&opened, &prompt)
	if err != nil || prompt == "/" {
		return nil //nolint:nilerr // open by now, or said by the call that follows
	}
	return answered(conn, prompt)
}

// lockedCollection is where the secrets lie, if that is locked.
func lockedCollection(conn *dbus.Conn) dbus.ObjectPath {
	there, err := conn.Object(service, serviceObject).GetProperty(serviceMethods + ".Collections")
	if err != nil {
		return ""
	}
	path := defaultCollection
	if all, ok := there.Value().([]dbus.ObjectPath); ok && slices.Contains(all, loginCollection) {
		path = loginCollection
	}
	locked, err := conn.Object(service, path).GetProperty(collectionOf + ".Locked")
	if err != nil {
		return ""
	}
	if is, ok := locked.Value().(bool); !ok || !is {
		return ""
	}
	return path
}

// answered waits for the user's answer to a prompt.
func answered(conn *dbus.Conn, prompt dbus.ObjectPath) error {
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	err := conn.AddMatchSignal(dbus.WithMatchObjectPath(prompt), dbus.WithMatchInterface(promptOf), dbus.WithMatchMember("Completed"))
	if err == nil {
		err = conn.Object(service, prompt).Call(promptOf+".Prompt", 0, "").Err
	}
	if err != nil {
		return fmt.Errorf("show the keyring's prompt: %w", err)
	}
	for signal := range signals {
		if signal.Path != prompt || signal.Name != promptOf+".Completed" || len(signal.Body) == 0 {
			continue
		}
		if dismissed, ok := signal.Body[0].(bool); !ok || dismissed {
			return errDismissed
		}
		return nil
	}
	return errors.New("the bus went while the keyring asked")
}

package seat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"himsg/desktop/internal/core"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")
	wtsapi32 = windows.NewLazySystemDLL("wtsapi32.dll")
	iphlpapi = windows.NewLazySystemDLL("iphlpapi.dll")

	getLastInputInfo = user32.NewProc("GetLastInputInfo")
	getTickCount     = kernel32.NewProc("GetTickCount")
	querySession     = wtsapi32.NewProc("WTSQuerySessionInformationW")
	freeMemory       = wtsapi32.NewProc("WTSFreeMemory")
	notifyAddrChange = iphlpapi.NewProc("NotifyAddrChange")
	cancelIPChange   = iphlpapi.NewProc("CancelIPChangeNotify")
)

// silence is for a library of Linux.
func silence() {}

// Idle implements core.Seat.
func (s *Seat) Idle(context.Context) (time.Duration, error) {
	info := struct{ size, tick uint32 }{size: 8}
	if done, _, err := getLastInputInfo.Call(uintptr(unsafe.Pointer(&info))); done == 0 { //nolint:gosec // G103: as the call wants it
		return 0, fmt.Errorf("ask for the last input: %w", err)
	}
	now, _, _ := getTickCount.Call()
	return time.Duration(uint32(now)-info.tick) * time.Millisecond, nil // both wrap after 49 days, their difference does not
}

// lockPoll is how often the session is asked whether it is locked: its messages go to windows only, and Wails has that.
const lockPoll = 3 * time.Second

// Watch implements core.Seat. That the machine woke up core sees by the clock.
func (s *Seat) Watch(ctx context.Context, tell func(core.SeatEvent)) {
	var both sync.WaitGroup
	both.Go(func() { s.watchLock(ctx, tell) })
	both.Go(func() {
		if err := watchNetwork(ctx, tell); err != nil {
			s.logger.Info("not watched", slog.String("what", "network"), slog.Any("error", err))
		}
	})
	both.Wait()
}

func (s *Seat) watchLock(ctx context.Context, tell func(core.SeatEvent)) {
	again := time.NewTicker(lockPoll)
	defer again.Stop()
	was := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
		locked, err := sessionLocked()
		if err != nil {
			s.logger.Info("not watched", slog.String("what", "lock"), slog.Any("error", err))
			return
		}
		if locked && !was {
			tell(core.SeatLocked)
		} else if !locked && was {
			tell(core.SeatUnlocked)
		}
		was = locked
	}
}

// sessionLocked asks for WTSINFOEXW of this session: a level, and then, where 8-byte numbers may begin, id, state and flags.
func sessionLocked() (bool, error) {
	const currentServer, currentSession, sessionInfoEx, locked = 0, ^uint32(0), 25, 0
	var info *struct {
		level, _         uint32
		id, state, flags uint32
	}
	var size uint32
	done, _, err := querySession.Call(currentServer, uintptr(currentSession), sessionInfoEx,
		uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size))) //nolint:gosec // G103: as the call wants it
	if done == 0 || info == nil {
		return false, fmt.Errorf("ask for the session: %w", err)
	}
	defer freeMemory.Call(uintptr(unsafe.Pointer(info))) //nolint:errcheck,gosec // it returns nothing; G103: as the call wants it
	if uintptr(size) < unsafe.Sizeof(*info) || info.level != 1 {
		return false, errors.New("ask for the session: an answer of another form")
	}
	return info.flags == locked, nil
}

func watchNetwork(ctx context.Context, tell func(core.SeatEvent)) error {
	for {
		changed, err := nextChange(ctx)
		if err != nil || ctx.Err() != nil {
			return err
		}
		if changed {
			tell(core.SeatNetwork)
		}
	}
}

// nextChange waits until an address of the PC comes or goes.
func nextChange(ctx context.Context) (changed bool, err error) {
	event, err := windows.CreateEvent(nil, 0, 0, nil)
	if err != nil {
		return false, fmt.Errorf("make event: %w", err)
	}
	defer windows.CloseHandle(event) //nolint:errcheck // nothing can be done about it
	overlapped := &windows.Overlapped{HEvent: event}
	var handle windows.Handle
	code, _, _ := notifyAddrChange.Call(uintptr(unsafe.Pointer(&handle)), uintptr(unsafe.Pointer(overlapped))) //nolint:gosec // G103: as the call wants it
	if errno := windows.Errno(code); errno != windows.ERROR_IO_PENDING {
		return false, fmt.Errorf("follow addresses: %w", errno)
	}
	for ctx.Err() == nil {
		got, err := windows.WaitForSingleObject(event, uint32(calm.Milliseconds()))
		if err != nil {
			return false, fmt.Errorf("wait for a change: %w", err)
		}
		if got == windows.WAIT_OBJECT_0 {
			return true, nil
		}
	}
	_, _, _ = cancelIPChange.Call(uintptr(unsafe.Pointer(overlapped))) //nolint:gosec // G103: as the call wants it
	return false, nil
}

package instance

import "golang.org/x/sys/windows"

// anyProcess is ASFW_ANY.
const anyProcess = ^uintptr(0)

// letForward lets the app that runs bring its window up: Windows keeps that for the program that the user has just started.
func letForward() {
	_, _, _ = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow").Call(anyProcess) // or it flashes in the task bar
}

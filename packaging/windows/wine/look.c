// What packaging/test-windows sees of Windows that a shell can't. All output is UTF-8.
//
//   look run SECONDS "COMMAND LINE"   prints the exit code, whole (a shell gets its last eight bits), or "runs still"
//   look registry [KEY]               prints each key and value that programs write: KEY | NAME | TYPE | DATA
//   look dialogs                      prints what stands in the dialogs on the screen: TITLE | TEXT
//   look close                        presses the first button of each
//
// x86_64-w64-mingw32-gcc -municode -O1 -o look.exe look.c
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

// say prints a text on one line.
static void say(const wchar_t *text, int length) {
	char *bytes = malloc((size_t)length * 3 + 1);
	int size = WideCharToMultiByte(CP_UTF8, 0, text, length, bytes, length * 3, NULL, NULL);
	for (int i = 0; i < size; i++) putchar(bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == 0 ? ' ' : bytes[i]);
	free(bytes);
}

static int run(DWORD seconds, wchar_t *line) {
	STARTUPINFOW start = {.cb = sizeof start};
	PROCESS_INFORMATION made;
	DWORD code;
	if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &made)) {
		printf("not started: error %lu\n", GetLastError());
		return 1;
	}
	if (WaitForSingleObject(made.hProcess, seconds * 1000) == WAIT_TIMEOUT) {
		puts("runs still");
		return 0;
	}
	GetExitCodeProcess(made.hProcess, &code);
	printf("%lu\n", code);
	return 0;
}

static void value(const wchar_t *key, const wchar_t *name, DWORD type, const BYTE *data, DWORD size) {
	static const char *types[] = {"NONE", "SZ", "EXPAND_SZ", "BINARY", "DWORD", "DWORD_BIG", "LINK", "MULTI_SZ"};
	say(key, (int)wcslen(key));
	printf(" | ");
	say(name, (int)wcslen(name));
	if (type < sizeof types / sizeof *types) printf(" | %s | ", types[type]);
	else printf(" | %lu | ", type);
	if (type == REG_DWORD && size == 4) {
		printf("%lu", *(const DWORD *)data);
	} else if (type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ) {
		int length = (int)(size / 2);
		while (length > 0 && ((const wchar_t *)data)[length - 1] == 0) length--;
		say((const wchar_t *)data, length);
	} else {
		for (DWORD i = 0; i < size; i++) printf("%02x", data[i]);
	}
	putchar('\n');
}

static void keys(HKEY parent, const wchar_t *name, const wchar_t *path) {
	static BYTE data[1 << 20];
	wchar_t inner[512], whole[4096];
	HKEY key;
	if (RegOpenKeyExW(parent, name, REG_OPTION_OPEN_LINK, KEY_READ | KEY_WOW64_64KEY, &key) != ERROR_SUCCESS) return;
	say(path, (int)wcslen(path));
	putchar('\n');
	for (DWORD i = 0;; i++) {
		DWORD length = 512, size = sizeof data, type;
		if (RegEnumValueW(key, i, inner, &length, NULL, &type, data, &size) != ERROR_SUCCESS) break;
		value(path, inner, type, data, size);
	}
	for (DWORD i = 0;; i++) {
		DWORD length = 512;
		if (RegEnumKeyExW(key, i, inner, &length, NULL, NULL, NULL, NULL) != ERROR_SUCCESS) break;
		swprintf(whole, 4096, L"%ls\\%ls", path, inner);
		keys(key, inner, whole);
	}
	RegCloseKey(key);
}

static BOOL CALLBACK control(HWND window, LPARAM unused) {
	(void)unused;
	wchar_t text[4096], kind[64];
	GetClassNameW(window, kind, 64);
	if (wcscmp(kind, L"Static") != 0) return TRUE;
	int length = (int)SendMessageW(window, WM_GETTEXT, 4096, (LPARAM)text);
	if (length <= 0) return TRUE;
	printf(" | ");
	say(text, length);
	return TRUE;
}

static BOOL CALLBACK dialog(HWND window, LPARAM press) {
	wchar_t kind[64], title[512];
	GetClassNameW(window, kind, 64);
	if (wcscmp(kind, L"#32770") != 0 || !IsWindowVisible(window)) return TRUE;
	if (press) {
		HWND button = FindWindowExW(window, NULL, L"Button", NULL);
		if (button) PostMessageW(button, BM_CLICK, 0, 0);
		else PostMessageW(window, WM_CLOSE, 0, 0);
		return TRUE;
	}
	say(title, GetWindowTextW(window, title, 512));
	EnumChildWindows(window, control, 0);
	putchar('\n');
	return TRUE;
}

int wmain(int argc, wchar_t **argv) {
	_setmode(_fileno(stdout), _O_BINARY); // no carriage returns
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	if (argc == 4 && wcscmp(argv[1], L"run") == 0) return run((DWORD)_wtoi(argv[2]), argv[3]);
	if (argc == 2 && wcscmp(argv[1], L"registry") == 0) {
		keys(HKEY_LOCAL_MACHINE, L"Software", L"HKLM\\Software");
		keys(HKEY_LOCAL_MACHINE, L"System\\CurrentControlSet\\Services", L"HKLM\\System\\CurrentControlSet\\Services");
		keys(HKEY_CURRENT_USER, NULL, L"HKCU");
		return 0;
	}
	if (argc == 3 && wcscmp(argv[1], L"registry") == 0 && wcslen(argv[2]) > 5) {
		keys(wcsncmp(argv[2], L"HKCU", 4) == 0 ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE, argv[2] + 5, argv[2]);
		return 0;
	}
	if (argc == 2 && (wcscmp(argv[1], L"dialogs") == 0 || wcscmp(argv[1], L"close") == 0)) {
		EnumWindows(dialog, wcscmp(argv[1], L"close") == 0);
		return 0;
	}
	fputs("usage: look run SECONDS \"COMMAND LINE\" | registry [KEY] | dialogs | close\n", stderr);
	return 2;
}

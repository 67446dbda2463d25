package sample

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// This file makes the uploads.

// secure is what the original's secure_filename leaves of a name: nothing but ASCII.
func secure(name string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(name, " ", "_") {
		if r < 0x80 && (r == '.' || r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			b.WriteRune(r)
		}
	}
	return strings.Trim(b.String(), "._")
}

var fileNames = []string{"보고서.pdf", "회의록 %d.txt", "photo_%d.png", "견적서 %d.zip", "manual-%d.pdf"}

// attach gives a message its k-th file. Of each 50 one is written over by the next, which has the same second; others are missing,
// refused, or lead out of the folder, and some have lost their names.
func (c *company) attach(n *note, k int, at time.Time) error {
	name := fileNames[k%len(fileNames)]
	if strings.Contains(name, "%d") {
		name = fmt.Sprintf(name, k)
	}
	content, err := content(name, k)
	if err != nil {
		return err
	}
	n.text, n.name, n.kind = "📎 파일: "+name, name, strings.TrimPrefix(filepath.Ext(name), ".")
	c.truth.Messages++
	folder := c.folder(n)
	disk := at.Format("20060102_150405_") + secureOwner(c.people[n.from].name) + "_" + secure(name)
	for c.taken[folder+disk] { // the original would write over it: here only where it is meant to
		at = at.Add(time.Second)
		disk = at.Format("20060102_150405_") + secureOwner(c.people[n.from].name) + "_" + secure(name)
	}
	n.at, n.path = at.Format(wall), "/srv/himsg/backend/chat_files/"+folder+"/"+disk
	switch {
	case k%50 == 5: // 계약서.pdf of the same second: without its Hangul it had the same name
		first := *n
		first.text, first.name = "📎 파일: 계약서.pdf", "계약서.pdf"
		c.truth.Messages++
		c.truth.Overwritten++
		if err := c.add(first); err != nil {
			return err
		}
	case k%50 == 13:
		c.truth.Missing++
		return nil
	case k%50 == 19:
		n.name, n.text = "사진.png", "📎 파일: 사진.png"
		content = []byte("<html><script>alert(1)</script></html>")
		c.truth.Refused++
		return c.write(folder, disk, content)
	case k == 23:
		n.path = "/srv/himsg/backend/chat_files/../../../etc/passwd"
		c.truth.Outside++
		return nil
	case k%50 == 25: // only what secure_filename left; the text knows better
		n.name = secure(name)
	case k%50 == 30: // nothing does
		n.name, n.text = secure(name), "📎 파일: "+secure(name)
	case k%50 == 31: // a path of Windows
		n.path = `C:\himsg\backend\chat_files\` + folder + `\` + disk
	case k%50 == 37: // an older version of the original kept pictures apart
		n.image, n.path = n.path, nil
	}
	c.truth.Files++
	c.truth.Bytes += int64(len(content))
	return c.write(folder, disk, content)
}

// secureOwner is a person's name in the name of a file: "../x" is one.
func secureOwner(name string) string { return strings.ReplaceAll(name, "/", "_") }

// folder is where the original put the files of a conversation.
func (c *company) folder(n *note) string {
	if n.room != "" {
		return "group_" + n.room
	}
	a, b := secureOwner(c.people[n.from].name), secureOwner(c.people[n.to].name)
	if b < a {
		a, b = b, a
	}
	return a + "_" + b
}

func (c *company) write(folder, name string, content []byte) error {
	dir := filepath.Join(c.dir, folder)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	c.taken[folder+name] = true
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	return nil
}

// unclaimed leaves a file of a conversation that was deleted.
func (c *company) unclaimed() error {
	if c.o.Files == 0 {
		return nil
	}
	c.truth.Unclaimed++
	return c.write("group_deleted", "20240101_000000_x_old.txt", []byte("of a room that was deleted\n"))
}

// content is what a file with a name holds: no two are the same.
func content(name string, k int) ([]byte, error) {
	var b bytes.Buffer
	switch filepath.Ext(name) {
	case ".png":
		img := image.NewRGBA(image.Rect(0, 0, 60+k%40, 40))
		for x := range 60 {
			img.SetRGBA(x, x%40, color.RGBA{uint8(k), uint8(k >> 8), uint8(x), 255})
		}
		err := png.Encode(&b, img)
		return b.Bytes(), err
	case ".zip":
		z := zip.NewWriter(&b)
		w, err := z.Create("읽어 주세요.txt")
		if err == nil {
			_, err = fmt.Fprintf(w, "%d번째 파일\n", k)
		}
		if err == nil {
			err = z.Close()
		}
		return b.Bytes(), err
	case ".pdf":
		fmt.Fprintf(&b, "%%PDF-1.4\n%% %d\n%s\n%%%%EOF\n", k, strings.Repeat("0 0 0 obj\n", 500+k%4000))
	default:
		fmt.Fprintf(&b, "회의록 %d\n%s", k, strings.Repeat("안건과 결정을 적습니다.\n", 20+k%900))
	}
	return b.Bytes(), nil
}

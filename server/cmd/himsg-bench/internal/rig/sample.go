package rig

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Sample is a small file of a kind (".txt", ".zip", ".docx"); a harmful one has eicar in it.
func Sample(extension string, harmful bool) (*bytes.Reader, error) {
	text := "회의 자료입니다."
	if harmful {
		text = eicar
	}
	switch extension {
	case ".txt":
		return bytes.NewReader([]byte(text)), nil
	case ".zip":
		return archive([2]string{"안/자료.txt", text})
	case ".docx":
		return archive(
			[2]string{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
			[2]string{"word/document.xml", `<?xml version="1.0"?><w:document/>`},
			[2]string{"word/embeddings/object.bin", text},
		)
	}
	return nil, fmt.Errorf("no sample of %s", extension)
}

// archive packs names and what is under them.
func archive(entries ...[2]string) (*bytes.Reader, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		w, err := z.Create(e[0])
		if err == nil {
			_, err = io.WriteString(w, e[1])
		}
		if err != nil {
			return nil, fmt.Errorf("pack a sample: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack a sample: %w", err)
	}
	return bytes.NewReader(out.Bytes()), nil
}

// SumOf is a sample's SHA-256, in hex.
func SumOf(r *bytes.Reader) string {
	body := make([]byte, r.Size())
	_, _ = r.ReadAt(body, 0) // all of it is there
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

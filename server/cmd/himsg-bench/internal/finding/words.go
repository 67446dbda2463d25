package finding

import (
	"math"
	"math/rand/v2"
	"sort"
	"strings"
)

// This file makes texts whose words are as unequal as those of people: the r-th most frequent word comes about 1/r as
// often as the first (Zipf). All of it is made of a seed, so that each run searches the same.

// Numbers of different words, and how long a text gets.
const (
	koreanWords = 30_000
	latinWords  = 8_000
	textBytes   = 120
)

// syllables are frequent ones of Korean writing, roughly in the order of their frequency.
const syllables = "이다는에가의을로하고지사기한도서자시정인보어대리수부해니나부일라전제성만연구조원주장과상" +
	"공유신비개계산경관방안모동문소무진발생용간위업화회물세식실여선품요통내결중단달당명국표영행작" +
	"재초치학본분심출입점외확학금마바월오적체양준목반검료속설합복규격거건트스템접근처터약현담추최"

// endings follow Korean words, the frequent ones first.
var endings = []string{
	"", "이", "을", "는", "에", "의", "가", "를", "은", "에서", "으로", "합니다", "입니다", "했습니다", "하겠습니다", "부탁드립니다",
	"해주세요", "까지", "부터", "인가요?", "하고", "도", "만",
}

// vocabulary is what the texts are made of.
type vocabulary struct {
	korean, latin       []string
	koreanRank, endRank zipf
	latinRank           zipf
}

func newVocabulary(rng *rand.Rand) *vocabulary {
	all := []rune(syllables)
	letters := []rune("etaoinshrdlucmfwypvbgk")
	common, end := newZipf(len(all), 0.7), newZipf(len(letters), 0.6)
	v := &vocabulary{
		koreanRank: newZipf(koreanWords, 1), latinRank: newZipf(latinWords, 1), endRank: newZipf(len(endings), 0.8),
	}
	v.korean = distinct(koreanWords, func() string { return word(rng, all, common, 2+rng.IntN(3)) })
	v.latin = distinct(latinWords, func() string { return word(rng, letters, end, 2+rng.IntN(8)) })
	return v
}

func word(rng *rand.Rand, letters []rune, rank zipf, length int) string {
	out := make([]rune, length)
	for i := range out {
		out[i] = letters[rank.draw(rng)]
	}
	return string(out)
}

// Texts are n of about 120 bytes, the same each time.
func Texts(n int) []string {
	rng := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // G404: the same texts each time
	v, texts := newVocabulary(rng), make([]string, n)
	for i := range texts {
		texts[i] = v.text(rng)
	}
	return texts
}

// Frequent are the n most frequent words of Texts.
func Frequent(n int) []string {
	rng := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // G404: the same words each time
	return newVocabulary(rng).korean[:n]
}

// distinct collects n different words.
func distinct(n int, next func() string) []string {
	seen := make(map[string]bool, n)
	out := make([]string, 0, n)
	for len(out) < n {
		if w := next(); !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// text is about 120 bytes, half of them Korean.
func (v *vocabulary) text(rng *rand.Rand) string {
	var b strings.Builder
	korean, latin := 0, 0
	for b.Len() < textBytes/3+rng.IntN(textBytes*4/3) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		before := b.Len()
		if korean <= latin {
			b.WriteString(v.korean[v.koreanRank.draw(rng)])
			b.WriteString(endings[v.endRank.draw(rng)])
			korean += b.Len() - before
			continue
		}
		b.WriteString(v.latin[v.latinRank.draw(rng)])
		latin += b.Len() - before
	}
	return b.String()
}

// zipf draws ranks 0…n-1, rank r in proportion to 1/(r+1)^s.
type zipf []float64

func newZipf(n int, s float64) zipf {
	z := make(zipf, n)
	sum := 0.0
	for i := range z {
		sum += 1 / math.Pow(float64(i+1), s)
		z[i] = sum
	}
	for i := range z {
		z[i] /= sum
	}
	return z
}

func (z zipf) draw(rng *rand.Rand) int {
	return min(sort.SearchFloat64s(z, rng.Float64()), len(z)-1)
}

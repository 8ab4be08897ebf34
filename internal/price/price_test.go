package price

import (
	"strings"
	"testing"
	"time"
)

// Each item has a price, a page of AWS, and says how it was read.
func TestTableIsWhole(t *testing.T) {
	t.Parallel()
	if len(table) != int(Compute)+1 {
		t.Errorf("%d rows, and the last item is %d", len(table), Compute)
	}
	items := map[string]bool{}
	for _, p := range table {
		if p.USD <= 0 || p.Per != "" && p.Per != Month || items[p.Item] || !strings.HasPrefix(p.Page, "https://aws.amazon.com/") || !strings.HasSuffix(p.Page, "/pricing/") {
			t.Errorf("%+v", p)
		}
		if p.Basis != OnPage && p.Basis != Quoted && p.Basis != Unread {
			t.Errorf("%s: basis %q", p.Item, p.Basis)
		}
		items[p.Item] = true
	}
	if _, err := time.Parse(time.DateOnly, Read); err != nil {
		t.Error(err)
	}
}

// What is there each month is in whole cents, so that sums of it are exact.
func TestMonthlyIsInCents(t *testing.T) {
	t.Parallel()
	list := Monthly()
	if len(list) != int(Storage) {
		t.Errorf("%d monthly prices: %+v", len(list), list)
	}
	for _, p := range list {
		if cents := p.USD * 100; cents != float64(int(cents)) {
			t.Errorf("%s: %g cents", p.Item, cents)
		}
	}
	if Key.Price().Item != "KMS key" || Key.USD() != 1 {
		t.Errorf("%+v", Key.Price())
	}
}

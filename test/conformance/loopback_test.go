package conformance

import (
	"bufio"
	"encoding/hex"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// onlyLoopback fails if a socket of this process listens on an address of
// another machine, or if none listens at all: then it has looked in the wrong
// place.
func onlyLoopback(t *testing.T) {
	t.Helper()
	addresses, err := listening()
	if err != nil {
		t.Skipf("the listening sockets can't be read here: %v", err)
	}
	if len(addresses) < 2 {
		t.Errorf("found the listening sockets %v only", addresses)
	}
	for _, a := range addresses {
		if !a.Addr().IsLoopback() {
			t.Errorf("a socket listens on %v", a)
		}
	}
}

// listening are the addresses on which this process listens, from /proc.
//
// Source: proc(5), /proc/net/tcp.
func listening() ([]netip.AddrPort, error) {
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(links) == 0 {
		return nil, os.ErrNotExist
	}
	var mine []string // inodes
	for _, l := range links {
		if to, err := os.Readlink(l); err == nil && strings.HasPrefix(to, "socket:[") {
			mine = append(mine, strings.Trim(to, "socket:[]"))
		}
	}
	var found []netip.AddrPort
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		f, err := os.Open(table)
		if err != nil {
			continue // no IPv6
		}
		const listen = "0A"
		for lines := bufio.NewScanner(f); lines.Scan(); {
			field := strings.Fields(lines.Text())
			if len(field) < 10 || field[3] != listen || !slices.Contains(mine, field[9]) {
				continue
			}
			a, err := address(field[1])
			if err != nil {
				_ = f.Close()
				return nil, err
			}
			found = append(found, a)
		}
		_ = f.Close()
	}
	return found, nil
}

// address reads "0100007F:1F90": words of four bytes in the host's order,
// little-endian on all machines that functions run on.
func address(text string) (netip.AddrPort, error) {
	ip, port, _ := strings.Cut(text, ":")
	b, err := hex.DecodeString(ip)
	if err != nil {
		return netip.AddrPort{}, err
	}
	for word := b; len(word) >= 4; word = word[4:] {
		slices.Reverse(word[:4])
	}
	a, ok := netip.AddrFromSlice(b)
	if !ok {
		return netip.AddrPort{}, os.ErrInvalid
	}
	p, err := hex.DecodeString(port)
	if err != nil || len(p) != 2 {
		return netip.AddrPort{}, os.ErrInvalid
	}
	return netip.AddrPortFrom(a.Unmap(), uint16(p[0])<<8|uint16(p[1])), nil
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0100007F:1F90": "127.0.0.1:8080", "00000000:0016": "0.0.0.0:22",
		"00000000000000000000000001000000:01BB": "[::1]:443", "0000000000000000FFFF00000100007F:0050": "127.0.0.1:80",
	} {
		if got, err := address(text); err != nil || got.String() != want {
			t.Errorf("%s is %v %v, want %s", text, got, err, want)
		}
	}
}

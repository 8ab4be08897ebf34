package shard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

const manifestFile = "manifest.json"

// joinManifests puts the manifests of the shares together.
func joinManifests(dirs []string) ([]byte, error) {
	shares, err := readObjects(dirs, manifestFile)
	if err != nil {
		return nil, err
	}
	var all object
	for _, m := range shares[0] {
		var value json.RawMessage
		switch m.key {
		case "artifacts":
			value, err = joinWithin("artifact", m.key, shares, "    ")
		case "missing":
			continue
		default:
			value = m.value
			for _, s := range shares[1:] {
				if !bytes.Equal(s.get(m.key), value) {
					err = fmt.Errorf("%s: %s differs from one process to another", manifestFile, m.key)
				}
			}
		}
		if err != nil {
			return nil, err
		}
		all = append(all, member{m.key, value})
	}
	missing, err := joinMissing(shares)
	if err == nil && missing != nil {
		all = append(all, member{"missing", missing})
	}
	return all.text("  "), err
}

// joinWithin joins an object that each share has under a key.
func joinWithin(what, key string, shares []object, indent string) (json.RawMessage, error) {
	within := make([]object, len(shares))
	for i, s := range shares {
		if data := s.get(key); data != nil {
			if err := json.Unmarshal(data, &within[i]); err != nil {
				return nil, err
			}
		}
	}
	all, err := join(what, within)
	return all.text(indent), err
}

// joinMissing are the values that the CLI has yet to look up, each once.
func joinMissing(shares []object) (json.RawMessage, error) {
	var all []json.RawMessage
	asked := map[string]bool{}
	for _, s := range shares {
		var list []json.RawMessage
		if data := s.get("missing"); data != nil {
			if err := json.Unmarshal(data, &list); err != nil {
				return nil, err
			}
		}
		for _, m := range list {
			if !asked[string(m)] {
				asked[string(m)], all = true, append(all, m)
			}
		}
	}
	if all == nil {
		return nil, nil
	}
	return json.MarshalIndent(all, "  ", "  ")
}

// readObjects reads a file of every share; nil where the first has none.
func readObjects(dirs []string, name string) ([]object, error) {
	list := make([]object, len(dirs))
	for i, dir := range dirs {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &list[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
		}
	}
	return list, nil
}

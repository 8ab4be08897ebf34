package shard

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// acknowledgedFile is what a process leaves in its assembly for Judge: only the app
// knows what it acknowledges.
const acknowledgedFile = "acknowledged.json"

// Acknowledgement is of a rule, by a construct of an app.
type Acknowledgement struct {
	Reason string `json:"reason"`
	At     string `json:"at"` // the construct's path
	Trace  string `json:"trace"`
}

// Acknowledge leaves what an app acknowledges, a JSON object of Acknowledgement by
// rule, in its assembly.
func Acknowledge(dir, rules string) error {
	return os.WriteFile(filepath.Join(dir, acknowledgedFile), []byte(rules), 0o644)
}

// takeAcknowledged reads and removes what the shares acknowledge.
func takeAcknowledged(dirs []string) (map[string]Acknowledgement, error) {
	all := map[string]Acknowledgement{}
	for _, dir := range dirs {
		file := filepath.Join(dir, acknowledgedFile)
		err := readJSON(file, &all)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.Remove(file)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

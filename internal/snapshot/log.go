package snapshot

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"

	"github.com/s3seal/s3seal/internal/rule"
)

// logFile is beside the templates, where template.ReadAssembly leaves it alone.
const logFile = "acknowledged.json"

// LogPath is where the log of an app is, from its folder on.
const LogPath = Dir + "/" + logFile

// ReadLog reads the changes that the snapshots in a folder took and that were
// acknowledged then, the oldest first; none where there is no log.
func ReadLog(dir string) ([]rule.Change, error) {
	var log []rule.Change
	err := readJSON(filepath.Join(dir, logFile), &log)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return log, err
}

// WithLog adds the log to the files. An empty one is no file.
func (f Files) WithLog(log []rule.Change) (Files, error) {
	if len(log) == 0 {
		return f, nil
	}
	text, err := indent(log)
	all := maps.Clone(f)
	all[logFile] = text
	return all, err
}

// Taken is what a report's acknowledged changes add to the log.
func Taken(report rule.Report) []rule.Change {
	var log []rule.Change
	for _, a := range report.Acknowledged {
		if rule.IsChange(a.Rule) {
			log = append(log, rule.Change{Change: a.Rule, Resource: a.Resource(), Before: a.Was, After: a.Is, Reason: a.Because})
		}
	}
	return log
}

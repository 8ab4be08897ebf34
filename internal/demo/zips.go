package demo

import (
	"os"
	"path/filepath"
	"strings"
)

// keepZips has the CDK's CLI keep the zip files that it makes of an assembly's
// assets in build/zips, where the next demonstration finds them: it takes as long
// to zip the functions as to deploy them. The CLI names each for the hash of what
// is in it. Those that the assembly has no use for are removed.
func keepZips(assembly string) error {
	kept, err := filepath.Abs(filepath.Join("build", "zips"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(kept, 0o755); err != nil {
		return err
	}
	zips, err := os.ReadDir(kept)
	if err != nil {
		return err
	}
	for _, zip := range zips {
		if _, err := os.Stat(filepath.Join(assembly, "asset."+strings.TrimSuffix(zip.Name(), ".zip"))); err != nil {
			os.Remove(filepath.Join(kept, zip.Name())) // else it only takes up room
		}
	}
	return os.Symlink(kept, filepath.Join(assembly, ".cache"))
}

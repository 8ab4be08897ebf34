package localaws

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Profile names the administrator of an account in a Region: what AWS_PROFILE,
// and --profile of the AWS CLI and the CDK, choose by.
type Profile struct {
	Name    string // of letters, digits, ".", "_" and "-"
	Account string
	Region  string
}

var profileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// WriteProfiles writes two files beside CAFile: "config", an AWS config file with
// the profiles, and "env", which a shell sources so that the AWS CLI, the CDK and
// SDKs read that file and nothing else:
//
//	. FOLDER/env
//
// It returns the path of env. The first profile is the one that counts where a
// command names none. Only this user can read the files; Close removes them.
func (s *Server) WriteProfiles(profiles ...Profile) (env string, err error) {
	if len(profiles) == 0 {
		return "", errors.New("local AWS: no profiles")
	}
	var config bytes.Buffer
	seen := map[string]bool{}
	for _, p := range profiles {
		if err := s.checkProfile(p); err != nil {
			return "", fmt.Errorf("local AWS: profile %q: %w", p.Name, err)
		}
		if seen[p.Name] {
			return "", fmt.Errorf("local AWS: two profiles have the name %q", p.Name)
		}
		seen[p.Name] = true
		s.writeProfile(&config, p)
	}
	file := filepath.Join(s.folder, "config")
	if err := os.WriteFile(file, config.Bytes(), 0o600); err != nil {
		return "", fmt.Errorf("local AWS: %w", noRoom(err))
	}
	// Programs wait for env, so it is whole when it is there.
	env = filepath.Join(s.folder, "env")
	if err = os.WriteFile(env+".new", s.script(file, profiles[0].Name), 0o600); err == nil {
		err = os.Rename(env+".new", env)
	}
	if err != nil {
		return "", fmt.Errorf("local AWS: %w", noRoom(err))
	}
	return env, nil
}

func (s *Server) checkProfile(p Profile) error {
	if !profileName.MatchString(p.Name) {
		return errors.New("write a name of letters, digits, \".\", \"_\" and \"-\"")
	}
	if _, ok := s.administrators[p.Account]; !ok {
		return fmt.Errorf("no account %q", p.Account)
	}
	if !slices.Contains(s.options.Regions, p.Region) {
		return fmt.Errorf("no Region %q", p.Region)
	}
	return nil
}

// writeProfile writes a section. Version 1 of the AWS CLI presigns URLs with
// Signature Version 2 unless s3.signature_version says otherwise.
func (s *Server) writeProfile(w *bytes.Buffer, p Profile) {
	section := "profile " + p.Name
	if p.Name == "default" { // the one section whose name has no prefix
		section = p.Name
	}
	k := s.administrators[p.Account]
	fmt.Fprintf(w, "[%s]\nregion = %s\nendpoint_url = %s\nca_bundle = %s\naws_access_key_id = %s\naws_secret_access_key = %s\ns3 =\n    signature_version = s3v4\n\n",
		section, p.Region, s.URL(), s.caFile, k.AccessKeyID, k.SecretAccessKey)
}

// script is for sh, bash and zsh. What a shell says of the real AWS would come
// before the profiles, some of it even where it is empty, so it is unset. What
// every profile says is said once more: the CDK's CLI ignores the endpoint of the
// profile that its --profile names, and would call the real AWS.
func (s *Server) script(config, profile string) []byte {
	var b bytes.Buffer
	b.WriteString("# Makes this shell use the local AWS, and no longer the real one.\n")
	b.WriteString(`unset AWS_PROFILE $(env | sed -n 's/^\(AWS_[A-Za-z0-9_]*\)=.*/\1/p')` + "\n")
	for _, v := range slices.Concat([]string{
		"AWS_CONFIG_FILE=" + config,
		"AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull, // keys there would come before those of the profile
		"AWS_PROFILE=" + profile,
	}, s.reach()) {
		name, value, _ := strings.Cut(v, "=")
		fmt.Fprintf(&b, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	return b.Bytes()
}

package localaws_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sdkconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/s3seal/s3seal/localaws"
)

var profiles = []localaws.Profile{
	{Name: "dev", Account: source, Region: "eu-west-1"},
	{Name: "default", Account: replica, Region: "eu-west-1"},
	{Name: replica, Account: replica, Region: "eu-west-1"},
}

// TestProfiles: the SDK, which is not ours, reads the file, and is who the
// profile says. The environment of the test would come before the file.
func TestProfiles(t *testing.T) {
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	s := start(t)
	env, err := s.WriteProfiles(profiles...)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(filepath.Dir(env), "config")
	for _, f := range []string{env, file} {
		if info, err := os.Stat(f); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", f, info.Mode(), err)
		}
	}
	for _, p := range profiles {
		c, err := sdkconfig.LoadDefaultConfig(t.Context(), sdkconfig.WithSharedConfigFiles([]string{file}),
			sdkconfig.WithSharedCredentialsFiles([]string{os.DevNull}), sdkconfig.WithSharedConfigProfile(p.Name))
		if err != nil {
			t.Fatal(err)
		}
		who, err := sts.NewFromConfig(c).GetCallerIdentity(t.Context(), nil)
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		if *who.Account != p.Account || c.Region != p.Region {
			t.Errorf("profile %s is of %s in %s, want %s in %s", p.Name, *who.Account, c.Region, p.Account, p.Region)
		}
	}
}

// TestProfilesInAShell: nothing of the real AWS is left, and a value that needs
// quoting arrives.
func TestProfilesInAShell(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "it's a $folder")
	s := start(t, func(o *localaws.Options) { o.Folder = folder })
	env, err := s.WriteProfiles(profiles...)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(folder, "env"); env != want {
		t.Errorf("the script is %s, want %s", env, want)
	}
	sh := exec.Command("sh", "-euc", `. "$1"; env`, "sh", env)
	sh.Env = []string{"PATH=" + os.Getenv("PATH"), "AWS_ACCESS_KEY_ID=real", "AWS_REGION=", "AWS_ENDPOINT_URL_S3=https://real", "AWS_PROFILE=real"}
	out, err := sh.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got []string
	for line := range strings.Lines(string(out)) {
		if name, _, _ := strings.Cut(line, "="); strings.Contains(strings.ToUpper(name), "AWS_") || strings.Contains(strings.ToUpper(name), "PROXY") || strings.HasPrefix(name, "NODE_") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	slices.Sort(got)
	want := []string{
		"AWS_CA_BUNDLE=" + s.CAFile(), "AWS_CONFIG_FILE=" + filepath.Join(folder, "config"), "AWS_EC2_METADATA_DISABLED=true",
		"AWS_ENDPOINT_URL=" + s.URL(), "AWS_PROFILE=dev", "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
		"NODE_EXTRA_CA_CERTS=" + s.CAFile(), "NO_PROXY=127.0.0.1,::1,localhost", "no_proxy=127.0.0.1,::1,localhost",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the shell has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestProfilesThatCannotBe(t *testing.T) {
	t.Parallel()
	s := start(t)
	dev := profiles[0]
	for want, list := range map[string][]localaws.Profile{
		"no profiles":         nil,
		"the name \"dev\"":    {dev, dev},
		"write a name":        {{Name: "a]b", Account: source, Region: "eu-west-1"}},
		`no account "999`:     {{Name: "a", Account: "999999999999", Region: "eu-west-1"}},
		`no Region "us-east-`: {{Name: "a", Account: source, Region: "us-east-1"}},
	} {
		if _, err := s.WriteProfiles(list...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", list, err, want)
		}
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "aws")
	o := localaws.Options{Accounts: []string{source}, Folder: folder}
	first, err := localaws.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := localaws.Start(o); err == nil {
		s.Close()
		t.Error("two servers share a folder")
	} else if !strings.Contains(err.Error(), folder+" is there already") {
		t.Error(err)
	}
	if _, err := os.Stat(first.CAFile()); err != nil {
		t.Errorf("the second has removed what is the first's: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

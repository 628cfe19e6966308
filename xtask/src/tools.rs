//! What the tests need beside cargo: Python and Node clients and the checkers of `deploy`, installed by package name into the
//! tree's ignored `.tools` folder, Prometheus, unpacked there, and Chromium, PostgreSQL and repmgr, which are the system's.
//! Nothing is installed twice for the same
//! list.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

/// Where the clients are, for the tests' environment.
pub(crate) struct Clients {
    pub(crate) python: PathBuf,
    pub(crate) node_modules: PathBuf,
    pub(crate) chromium: PathBuf,
    /// The directory of PostgreSQL's programs.
    pub(crate) postgres: PathBuf,
    /// The directory of Prometheus's programs.
    pub(crate) prometheus: PathBuf,
    /// Checkers of what is under `deploy`.
    pub(crate) deploy_python: PathBuf,
    /// The CDK, for its construct there.
    pub(crate) cdk_node_modules: PathBuf,
}

/// Installs what is missing, all at once: most of the time goes by in unpacking.
pub(crate) fn install(workspace: &Path) -> anyhow::Result<Clients> {
    std::thread::scope(|scope| {
        let clients = scope.spawn(|| {
            python(
                workspace,
                "tests/clients/python/requirements.txt",
                ".tools/python",
                &[],
            )
        });
        let checkers = scope.spawn(|| {
            // What is run compiles itself; most of it never is.
            python(
                workspace,
                "tests/deploy/requirements.txt",
                ".tools/deploy",
                &["--no-compile"],
            )
        });
        let packages = scope.spawn(|| {
            let clients = node(workspace, "tests/clients/node", ".tools/node")?;
            Ok((clients, node(workspace, "deploy/cdk", ".tools/cdk")?))
        });
        // All by apt, one after the other.
        let (chromium, postgres, prometheus) = (chromium()?, postgres()?, prometheus(workspace)?);
        let (node_modules, cdk_node_modules) = joined(packages)?;
        Ok(Clients {
            python: joined(clients)?,
            node_modules,
            chromium,
            postgres,
            prometheus,
            deploy_python: joined(checkers)?,
            cdk_node_modules,
        })
    })
}

fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, anyhow::Result<T>>) -> anyhow::Result<T> {
    thread
        .join()
        .unwrap_or_else(|_| bail!("an installation broke off"))
}

/// The browser of the system; where there is none, Debian's is installed.
fn chromium() -> anyhow::Result<PathBuf> {
    let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
    let find = || places.iter().map(PathBuf::from).find(|path| path.is_file());
    if let Some(found) = find() {
        return Ok(found);
    }
    // With letters for every language of the pages, so that pictures of them can be read.
    apt(&["chromium", "fonts-noto-cjk"])?;
    find().context("apt-get has installed no Chromium")
}

/// The programs of the system's newest PostgreSQL and of its failover manager; where there are none, Debian's are installed.
fn postgres() -> anyhow::Result<PathBuf> {
    let find = || {
        let releases = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        let programs = releases.flatten().filter_map(|release| {
            let number: u32 = release.file_name().to_str()?.parse().ok()?;
            let programs = release.path().join("bin");
            programs.join("initdb").is_file().then_some((number, programs))
        });
        programs.max()
    };
    if find().is_none() {
        apt(&["postgresql"])?;
    }
    let (release, programs) = find().context("apt-get has installed no PostgreSQL")?;
    if !programs.join("repmgrd").is_file() {
        apt(&[&format!("postgresql-{release}-repmgr")])?;
    }
    Ok(programs)
}

/// Prometheus and promtool: the system's, or Debian's package, unpacked into `.tools` alone. Installed, it would start a server.
fn prometheus(workspace: &Path) -> anyhow::Result<PathBuf> {
    let home = workspace.join(".tools/prometheus");
    let places = [PathBuf::from("/usr/bin"), home.join("usr/bin")];
    let is_whole = |place: &PathBuf| {
        ["prometheus", "promtool"]
            .iter()
            .all(|name| place.join(name).is_file())
    };
    let find = || places.iter().find(|place| is_whole(place)).cloned();
    if let Some(found) = find() {
        return Ok(found);
    }
    println!("test: fetching prometheus into .tools/prometheus");
    std::fs::create_dir_all(&home)?;
    let what = "apt-get (install prometheus by hand where it cannot)";
    run(as_root("apt-get")?.arg("update"), what)?;
    run(
        Command::new("apt-get")
            .args(["download", "prometheus"])
            .current_dir(&home),
        what,
    )?;
    let package = std::fs::read_dir(&home)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("apt-get has fetched no package")?;
    run(
        Command::new("dpkg-deb").arg("-x").args([&package, &home]),
        "dpkg-deb",
    )?;
    std::fs::remove_file(package)?;
    find().context("Debian's package holds no Prometheus")
}

/// Installs packages of Debian.
fn apt(packages: &[&str]) -> anyhow::Result<()> {
    let names = packages.join(", ");
    println!("test: installing {names}");
    let install = ["install", "--yes", "--no-install-recommends"];
    for arguments in [&["update"][..], &[&install, packages].concat()] {
        run(
            as_root("apt-get")?
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
            &format!("apt-get (install {names} by hand where it cannot)"),
        )?;
    }
    Ok(())
}

/// The program with the rights of root, if they can be had without a question.
fn as_root(program: &str) -> anyhow::Result<Command> {
    let id = Command::new("id").arg("-u").output().context("cannot run id")?;
    if id.stdout.trim_ascii() == b"0" {
        return Ok(Command::new(program));
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["--non-interactive", program]);
    Ok(sudo)
}

/// A Python with what `list` names, in `home`; `options` are pip's.
fn python(workspace: &Path, list: &str, home: &str, options: &[&str]) -> anyhow::Result<PathBuf> {
    let (list, home_name) = (workspace.join(list), home);
    let home = workspace.join(home);
    let python = home.join("bin/python");
    let stamp = stamp([list.clone()])?;
    if !stamp.is_of(&home) {
        println!("test: installing Python packages into {home_name}");
        run(
            Command::new("python3").args(["-m", "venv"]).arg(&home),
            "python3 -m venv (Debian: python3-venv)",
        )?;
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ];
        run(
            Command::new(&python).args(pip).arg(&list).args(options),
            "pip install",
        )?;
        stamp.put_on(&home)?;
    }
    Ok(python)
}

/// The packages of the lists in `source`, in `home`.
fn node(workspace: &Path, source: &str, home: &str) -> anyhow::Result<PathBuf> {
    let (source, home_name) = (workspace.join(source), home);
    let lists = ["package.json", "package-lock.json"];
    let home = workspace.join(home);
    let stamp = stamp(lists.map(|name| source.join(name)))?;
    if !stamp.is_of(&home) {
        println!("test: installing JavaScript packages into {home_name}");
        std::fs::create_dir_all(&home)?;
        for name in lists {
            std::fs::copy(source.join(name), home.join(name))?;
        }
        let npm = [
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ];
        run(
            Command::new("npm").args(npm).current_dir(&home),
            "npm ci (Node.js 20 or newer)",
        )?;
        stamp.put_on(&home)?;
    }
    Ok(home.join("node_modules"))
}

/// The lists that clients were installed from, word by word.
struct Stamp(Vec<u8>);

fn stamp(lists: impl IntoIterator<Item = PathBuf>) -> anyhow::Result<Stamp> {
    let mut bytes = Vec::new();
    for list in lists {
        bytes.extend(std::fs::read(&list).with_context(|| list.display().to_string())?);
    }
    Ok(Stamp(bytes))
}

impl Stamp {
    /// Whether `home` was made from these very lists.
    fn is_of(&self, home: &Path) -> bool {
        std::fs::read(home.join("installed")).is_ok_and(|installed| installed == self.0)
    }

    fn put_on(&self, home: &Path) -> anyhow::Result<()> {
        Ok(std::fs::write(home.join("installed"), &self.0)?)
    }
}

/// Runs a command to its end; `what` names it for the one who lacks it.
pub(crate) fn run(command: &mut Command, what: &str) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot run {what}"))?;
    ensure!(status.code().is_some(), "{what} was interrupted");
    if !status.success() {
        bail!("{what} failed with {status}");
    }
    Ok(())
}

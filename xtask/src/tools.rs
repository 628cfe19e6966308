//! What the tests need beside cargo: Python and Node clients, installed by package name into the tree's ignored `.tools` folder,
//! and Chromium and PostgreSQL, which are the system's. Nothing is installed twice for the same list.

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
}

/// Installs what is missing.
pub(crate) fn install(workspace: &Path) -> anyhow::Result<Clients> {
    Ok(Clients {
        python: python(workspace)?,
        node_modules: node(workspace)?,
        chromium: chromium()?,
        postgres: postgres()?,
    })
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

/// The programs of the system's newest PostgreSQL; where there is none, Debian's is installed.
fn postgres() -> anyhow::Result<PathBuf> {
    let find = || {
        let releases = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        let programs = releases.flatten().filter_map(|release| {
            let number: u32 = release.file_name().to_str()?.parse().ok()?;
            let programs = release.path().join("bin");
            programs.join("initdb").is_file().then_some((number, programs))
        });
        programs.max().map(|(_, programs)| programs)
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    apt(&["postgresql"])?;
    find().context("apt-get has installed no PostgreSQL")
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

fn python(workspace: &Path) -> anyhow::Result<PathBuf> {
    let list = workspace.join("tests/clients/python/requirements.txt");
    let home = workspace.join(".tools/python");
    let python = home.join("bin/python");
    let stamp = stamp([list.clone()])?;
    if !stamp.is_of(&home) {
        println!("test: installing the Python clients into .tools/python");
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
        run(Command::new(&python).args(pip).arg(&list), "pip install")?;
        stamp.put_on(&home)?;
    }
    Ok(python)
}

fn node(workspace: &Path) -> anyhow::Result<PathBuf> {
    let source = workspace.join("tests/clients/node");
    let lists = ["package.json", "package-lock.json"];
    let home = workspace.join(".tools/node");
    let stamp = stamp(lists.map(|name| source.join(name)))?;
    if !stamp.is_of(&home) {
        println!("test: installing the JavaScript clients into .tools/node");
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

//! A real `redis-server` of a test's own, which ends with the test, however that ends.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Where this is set, a test that cannot find a server fails, and is not skipped.
const REQUIRED: &str = "MEMO_REDIS_REQUIRED";

/// Runs the server, says its process id, and kills it as soon as the pipe from the test is closed: also when the test is killed.
const KEEPER: &str =
    r#""$@" >/dev/null 2>&1 & echo $!; read -r _; kill -9 $!; wait $! 2>/dev/null"#;

pub struct Server {
    program: PathBuf,
    options: Vec<String>,
    port: u16,
    running: Option<(Child, String)>,
}

impl Server {
    /// A server without data; `None`, and a line that says so, if there is none to be had.
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    pub fn start_with(options: &[&str]) -> Option<Self> {
        let Some(program) = find() else {
            assert!(
                env::var_os(REQUIRED).is_none(),
                "{REQUIRED} is set, and there is no redis-server"
            );
            // Past the capture of a test's output.
            let _ = std::io::stderr().write_all(b"SKIPPED: no redis-server\n");
            return None;
        };
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let mut server = Self { program, options, port: free_port(), running: None };
        // Somebody else may take the port first.
        for _ in 0..5 {
            if server.run() {
                return Some(server);
            }
            server.port = free_port();
        }
        panic!("redis-server does not start");
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The same server once more, after [`kill`](Self::kill), without data.
    pub fn restart(&mut self) {
        assert!(self.running.is_none() && self.run(), "redis-server does not start again");
    }

    /// As if the machine had lost its power.
    pub fn kill(&mut self) {
        if let Some((mut keeper, _)) = self.running.take() {
            drop(keeper.stdin.take());
            keeper.wait().expect("the keeper ends");
        }
    }

    /// It takes connections and bytes, as the kernel does that for it, and answers nothing.
    pub fn stop(&self) {
        self.signal("-STOP");
    }

    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let (_, process) = self.running.as_ref().expect("it runs");
        let status = Command::new("kill").args([signal, process]).status().expect("`kill` runs");
        assert!(status.success(), "{signal}");
    }

    /// A command of the test's own, on a connection of its own; its whole answer as text.
    pub fn ask(&self, command: &[&[u8]]) -> String {
        let mut question = format!("*{}\r\n", command.len()).into_bytes();
        for part in command {
            question.extend(format!("${}\r\n", part.len()).into_bytes());
            question.extend(*part);
            question.extend(b"\r\n");
        }
        question.extend(b"*1\r\n$4\r\nQUIT\r\n");
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).expect("it runs");
        socket.write_all(&question).expect("it takes commands");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).expect("it answers");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        answer.strip_suffix("+OK\r\n").expect("the answer to `QUIT`").to_owned()
    }

    /// Whether it answers within ten seconds.
    fn run(&mut self) -> bool {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .arg(&self.program)
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .args(["--appendonly", "no", "--dir"])
            // Nothing is written there.
            .arg(env::temp_dir())
            .args(&self.options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`sh` runs");
        let mut process = String::new();
        let output = keeper.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut process).expect("the keeper says the process");
        self.running = Some((keeper, process.trim().to_owned()));
        let patience = Instant::now() + Duration::from_secs(10);
        while Instant::now() < patience {
            if self.is_ours(process.trim()) {
                return true;
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.kill();
        false
    }

    /// Whether the server at the port is this very process, not one that was quicker to take the port.
    fn is_ours(&self, process: &str) -> bool {
        let Ok(mut socket) = TcpStream::connect(("127.0.0.1", self.port)) else {
            return false;
        };
        let mut answer = String::new();
        let asked = socket.write_all(b"INFO server\r\nQUIT\r\n");
        asked.is_ok()
            && socket.read_to_string(&mut answer).is_ok()
            && answer.contains(&format!("process_id:{process}\r\n"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn find() -> Option<PathBuf> {
    if let Some(program) = env::var_os("MEMO_REDIS_SERVER") {
        return Some(program.into());
    }
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join("redis-server")).find(|file| file.is_file())
}

/// A port at which nobody listens, at this moment.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there are ports");
    listener.local_addr().expect("it is bound").port()
}

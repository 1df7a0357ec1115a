//! An object that changes with each step and keeps the matrix that it steps with.
//!
//! The matrix of an implicit step depends on the grid and the step's length, not on the state, so that `step` keeps it: the state
//! changes a thousand times, the matrix is factored once. Run it with `cargo run --example simulation`. It checks itself.

use memo_runtime::memoize;

/// The factors of a tridiagonal matrix.
#[derive(Debug, Clone)]
struct Factors {
    upper: Vec<f64>,
    pivots: Vec<f64>,
}

/// A rod that is heated at one end.
#[memoize]
struct Rod {
    temperatures: Vec<f64>,
    conductivity: f64,
    seconds_a_step: f64,
    steps: u64,
}

#[memoize]
impl Rod {
    fn new(points: usize) -> Self {
        let mut temperatures = vec![0.0; points];
        temperatures[0] = 100.0;
        Self { temperatures, conductivity: 0.1, seconds_a_step: 0.5, steps: 0 }
    }

    /// How strongly neighbours are coupled in one step.
    #[memoize]
    fn coupling(&self) -> f64 {
        self.conductivity * self.seconds_a_step
    }

    /// The factored matrix, borrowed from the cache. How many points there are is an argument: what it says of the temperatures
    /// does not depend on their values.
    #[memoize(returns = "ref")]
    fn factors(&self, points: usize) -> Factors {
        println!("   factoring a matrix of {points} rows, coupling {}", self.coupling());
        let off = -self.coupling();
        let diagonal = 1.0 + 2.0 * self.coupling();
        let (mut upper, mut pivots) = (Vec::new(), vec![diagonal]);
        for row in 1..points {
            upper.push(off / pivots[row - 1]);
            pivots.push(diagonal - off * upper[row - 1]);
        }
        Factors { upper, pivots }
    }

    #[memoize]
    fn mean(&self) -> f64 {
        self.temperatures.iter().sum::<f64>() / self.temperatures.len() as f64
    }

    /// Solves for the temperatures after one step. Reads the factors and writes the temperatures.
    fn step(&mut self) {
        let inner = self.temperatures.len() - 2;
        let coupling = self.coupling();
        let last = inner + 1;
        let mut right: Vec<f64> = self.temperatures[1..last].to_vec();
        right[0] += coupling * self.temperatures[0];
        right[inner - 1] += coupling * self.temperatures[last];
        let factors = self.factors(inner);
        right[0] /= factors.pivots[0];
        for row in 1..inner {
            right[row] = (right[row] + coupling * right[row - 1]) / factors.pivots[row];
        }
        for row in (0..inner - 1).rev() {
            right[row] -= factors.upper[row] * right[row + 1];
        }
        self.temperatures[1..last].copy_from_slice(&right);
        self.steps += 1;
    }

    fn set_step(&mut self, seconds: f64) {
        self.seconds_a_step = seconds;
    }
}

fn main() {
    let mut rod = Rod::new(50);
    for seconds in [0.5, 20.0] {
        println!("steps of {seconds} s:");
        rod.set_step(seconds);
        for _ in 0..1_000 {
            rod.step();
        }
        println!("   after {} steps the mean is {:.3} °C", rod.steps, rod.mean());
    }
    // One matrix for each length of a step; in the end the rod is a straight line from 100 to 0.
    assert_eq!(rod.factors_cache().len(), 1);
    assert!((rod.mean() - 50.0).abs() < 0.5, "{}", rod.mean());
}

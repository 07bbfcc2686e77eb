fn main() {
    measure::time(walk::job);
}

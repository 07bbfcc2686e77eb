fn main() {
    measure::time(parse::job);
}

using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;

// A trained network, shipped: `fa export RUN --format safetensors` has written its weights. Published with Native AOT it needs no .NET.
using var stream = File.OpenRead(args[0]);
var network = Network.Load(stream, args[0]);
var digits = new DigitGenerator(seed: 2).Draw("shown", count: 10);
var answers = network.Predict(digits.Inputs);
for (var example = 0; example < digits.Count; example++)
{
    var answer = answers.Row(example).ToArray();
    Console.Write($"{digits.Labels![example]} read as {Array.IndexOf(answer, answer.Max())}; ");
}

Console.WriteLine();

using BenchmarkDotNet.Running;
using FeedbackAlignment.Benchmarks;

if (args is ["convolution-shares"])
{
    ConvolutionShares.Print();
    return;
}

if (args is ["steps", ..])
{
    TrainingSteps.Run(args.AsSpan(1));
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);

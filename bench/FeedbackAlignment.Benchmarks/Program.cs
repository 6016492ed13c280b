using BenchmarkDotNet.Running;
using FeedbackAlignment.Benchmarks;

if (args is ["convolution-shares"])
{
    ConvolutionShares.Print();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);

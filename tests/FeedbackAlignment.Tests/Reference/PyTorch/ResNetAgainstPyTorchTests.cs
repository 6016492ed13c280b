using System.Text.Json;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Reference.Modules;
using Convolution = FeedbackAlignment.Tests.Reference.Modules.Convolution;
using Norm = FeedbackAlignment.Tests.Reference.Modules.Norm;
using PlainResidual = FeedbackAlignment.Tests.Reference.Modules.Residual;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>
/// Three steps of a resnet-20 of 2, 4 and 8 filters, with batch norm in training mode, as PyTorch took them in double. Differences are
/// measured by the norm of each tensor.
/// </summary>
public sealed class ResNetAgainstPyTorchTests
{
    private const double PlainShare = 1e-9, Share = 1e-5;

    /// <summary>
    /// In single precision, a gradient that is smaller than this share of all gradients together is measured by that: its terms have
    /// canceled. PyTorch in single precision is 1.1e-5 of the norm off for one that is a thousandth.
    /// </summary>
    private const double Small = 0.01;

    private readonly JsonElement _given = Fixture.Cases("resnet")[0];

    [Fact]
    public void TheEngine()
    {
        var net = new PlainResNet(Fixture.State("resnet"));
        var optimizer = new PlainOptimizer(new("sgd") { Momentum = _given.Number("momentum") });
        var targets = _given.GetProperty("targets").Table();
        for (var step = 1; step <= 3; step++)
        {
            var outputs = net.Whole.Forward(_given.GetProperty("inputs").Table());
            var loss = PlainLoss.OfEach("softmax-cross-entropy", outputs, targets).Average();
            Array.ForEach([.. net.Weights.Values], weight => weight.Gradient = null);
            net.Whole.Backward(PlainLoss.Error("softmax-cross-entropy", outputs, targets), weight => weight.Values);
            optimizer.Step([.. net.Weights.Values], _given.Number("learningRate"));
            net.MoveStatistics();
            if (_given.GetProperty("steps").TryGetProperty($"{step}", out var there))
            {
                Assert.Equal(there.Number("loss"), loss, PlainShare * loss);
                Fixture.AssertCloseByNorm(there.GetProperty("output").Table(), outputs, PlainShare, $"step {step}, output");
                foreach (var (name, gradient) in there.Tables("gradients"))
                {
                    Fixture.AssertCloseByNorm(gradient, net.Weights[name].Gradient!, PlainShare, $"step {step}, gradient of {name}");
                }

                foreach (var (name, values) in there.Tables("state"))
                {
                    var actual = net.Weights.TryGetValue(name, out var weight) ? weight.Values : net.Statistics[name];
                    Fixture.AssertCloseByNorm(values, actual, PlainShare, $"after step {step}, {name}");
                }
            }
        }
    }

    [Fact]
    public void TheLibrary()
    {
        var plan = NetworkPlan.Parse(_given.Text("plan"));
        var network = NetworkFile.FromTensors(Fixture.State("resnet"), "resnet", plan: plan);
        var rule = new BackpropagationRule(Some.Setup(network, Loss.SoftmaxCrossEntropy));
        var gradients = new Gradients(network.Parameters, network.Compute);
        var optimizer = new Sgd(network.Parameters, (float)_given.Number("momentum"), nesterov: false, weightDecay: 0);
        var batch = new Batch(_given.GetProperty("inputs").Table().Single(), _given.GetProperty("targets").Table().Single());
        for (var step = 1; step <= 3; step++)
        {
            var loss = rule.EstimateGradients(batch, gradients);
            var found = Some.Copies(gradients);
            optimizer.Step(gradients, (float)_given.Number("learningRate"));
            if (_given.GetProperty("steps").TryGetProperty($"{step}", out var there))
            {
                Assert.Equal(there.Number("loss"), loss, Share * loss);
                var state = there.Tensors("state").ToList();
                var after = new SafetensorsFile(state).WithNetworkNames(plan, "state");

                // Statistics stand beside the gradients only because a file without them is refused.
                var slopes = new SafetensorsFile(
                    [.. there.Tensors("gradients"), .. state.Where(tensor => tensor.Name.Contains("running_", StringComparison.Ordinal))])
                    .WithNetworkNames(plan, "gradients");
                var least = Small * Math.Sqrt(there.Tables("gradients").Values.Sum(gradient => gradient.Norm() * gradient.Norm()));
                foreach (var (parameter, slope) in network.Parameters.Zip(found))
                {
                    Agree(slopes, parameter.Name, slope, $"step {step}, gradient of {parameter.Name}", least);
                    Agree(after, parameter.Name, parameter.Read(), $"after step {step}, {parameter.Name}");
                }

                Assert.All(network.Buffers, buffer => Agree(after, buffer.Name, buffer.Values, $"after step {step}, {buffer.Name}"));
            }
        }

        static void Agree(SafetensorsFile expected, string name, Matrix actual, string what, double least = 0)
            => Fixture.AssertCloseByNorm(Table.Of(expected.Find(name)!.Values), Table.Of(actual), Share, what, least);
    }

    /// <summary>The same network in plain loops, whose weights have PyTorch's names.</summary>
    private sealed class PlainResNet
    {
        private readonly SafetensorsFile _file;
        private readonly List<(string Name, Norm Norm, int Channels)> _norms = [];

        public PlainResNet(SafetensorsFile file)
        {
            _file = file;
            var picture = new Picture(3, 8, 8);
            List<PlainModule> row = [Filters("conv1", ref picture, 1), NormOf("bn1", picture), new Pointwise("relu")];
            foreach (var (stage, filters) in ((int[])[2, 4, 8]).Index())
            {
                for (var block = 0; block < 3; block++)
                {
                    var (from, name, stride) = (picture, $"layer{stage + 1}.{block}", stage > 0 && block == 0 ? 2 : 1);
                    PlainModule[] branch = [Filters($"{name}.conv1", ref picture, stride), NormOf($"{name}.bn1", picture),
                        new Pointwise("relu"),
                        Filters($"{name}.conv2", ref picture, 1), NormOf($"{name}.bn2", picture)];
                    row.AddRange([new PlainResidual(new Chain(branch), new PaddedShortcut(from, filters, stride)), new Pointwise("relu")]);
                }
            }

            row.AddRange([new GlobalPool(picture), new Dense(Weight("linear.weight"), Weight("linear.bias"))]);
            Whole = new Chain([.. row]);
        }

        public Chain Whole { get; }

        public Dictionary<string, Weight> Weights { get; } = [];

        public Dictionary<string, double[,]> Statistics { get; } = [];

        /// <summary>A tenth of the way to a batch's own, of which the variance is the unbiased one.</summary>
        public void MoveStatistics()
        {
            foreach (var (name, norm, count) in _norms)
            {
                Move("running_mean", norm.Statistics.Mean, 1);
                Move("running_var", norm.Statistics.Variance, count / (count - 1.0));

                void Move(string part, double[] to, double factor) => Statistics[$"{name}.{part}"]
                    = Table.Make(1, to.Length, (_, channel) => 0.9 * Statistics[$"{name}.{part}"][0, channel] + 0.1 * factor * to[channel]);
            }
        }

        private Convolution Filters(string name, ref Picture picture, int stride)
        {
            var layer = new Convolution(Weight($"{name}.weight"), null, picture, Windows.Square(3, stride, 1), 1);
            picture = layer.To;
            return layer;
        }

        private Norm NormOf(string name, Picture picture)
        {
            foreach (var part in (string[])["running_mean", "running_var"])
            {
                Statistics[$"{name}.{part}"] = Table.Of(_file.Find($"{name}.{part}")!.Values);
            }

            var norm = new Norm(Weight($"{name}.weight"), Weight($"{name}.bias"), 1e-5, (_, channel) => channel);
            _norms.Add((name, norm, 4 * picture.Height * picture.Width));
            return norm;
        }

        private Weight Weight(string name)
            => Weights[name] = new Weight(name, false, Table.Of(_file.Find(name)!.Values));
    }
}

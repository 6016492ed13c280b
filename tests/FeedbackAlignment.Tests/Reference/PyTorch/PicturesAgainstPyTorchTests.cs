using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>The library's modules of pictures are PyTorch's, but for what single precision rounds.</summary>
public sealed class PicturesAgainstPyTorchTests
{
    /// <summary>A sum of some forty terms in single precision, each rounded by half of 2⁻²³.</summary>
    private const double Share = 40 * 0.5 / (1 << 23);

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var file in (string[])["convolutions", "norms"])
        {
            foreach (var (number, element) in Fixture.Cases(file).Index())
            {
                // We have no average that leaves padding out.
                var given = new ModuleCase(element);
                if (file == "convolutions" ? given.Name != "avg_pool2d" || given.CountsPadding : given.Name == "batch_norm_2d")
                {
                    cases.Add(file, number);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void OutputsErrorsAndGradients(string file, int number)
    {
        var element = Fixture.Cases(file)[number];
        var given = new ModuleCase(element);
        var (picture, compute) = (given.Picture, new Compute(2));
        var from = new Shape(picture.Height, picture.Width, picture.Channels);
        Module module = given.Name switch
        {
            "conv2d" => Filters(given, from, compute),
            "batch_norm_2d" => Norm(element, from),
            "max_pool2d" => new MaxPool("pool", from, Options(given)),
            "avg_pool2d" => new AveragePool("pool", from, Options(given)),
            _ => new GlobalAveragePool("pool", from),
        };
        var network = new Network(
            new Sequence("n", [WeightedLayer.Dense("first", 1, from.Size, Activation.Linear, bias: false, compute), module,
                WeightedLayer.Dense("output", module.To.Size, 1, Activation.Linear, bias: false, compute)]),
            compute);
        var setup = new RunSetup(network.Index, given.Input.Rows(), new RandomStreams(1));
        var (run, gradients, walk) = (module.Begin(setup), new Gradients(network.Parameters, compute), new Steps());
        var trains = !element.TryGetProperty("options", out var options) || !options.TryGetProperty("trains", out var said) || said.GetBoolean();
        var input = Single(given.Input, from);
        run.Forward(input, trains ? PassMode.Learn : PassMode.Answer);
        Fixture.AssertClose(given.Output, Double(run.Output, module.To), Share, $"{given.Name}, output");
        var error = Single(given.Error, module.To);
        if (module is WeightedLayer layer)
        {
            layer.Gradient(input, error, gradients);
            var below = new Matrix(error.Rows, from.Size);
            layer.Backward(error, layer.Weights, below);
            Fixture.AssertClose(given.ErrorBelow, Double(below, from), Share, "error below");
            var filters = new Picture(picture.Channels / given.Groups, given.Windows.Kernel.Height, given.Windows.Kernel.Width);
            Fixture.AssertClose(
                given.Gradients["weight"], Double(gradients[layer.Weights].Values, new(filters.Height, filters.Width, filters.Channels)), Share, "weights");
            Fixture.AssertClose(given.Gradients["bias"], Table.Of(gradients[layer.Biases!].Values), Share, "biases");
        }
        else if (trains)
        {
            walk.Take(gradients);
            Fixture.AssertClose(given.ErrorBelow, Double(run.Backward(error, walk, isWanted: true), from), Share, $"{given.Name}, error below");
            foreach (var (parameter, name) in module.Parameters.Zip((string[])["weight", "bias"]))
            {
                Fixture.AssertClose(given.Gradients[name].Shaped(1), Table.Of(gradients[parameter].Values), Share, name);
            }
        }

        foreach (var (buffer, name) in module.Buffers.Zip((string[])["running_mean", "running_var"]))
        {
            Fixture.AssertClose(given.BuffersAfter[name], Table.Of(buffer.Values), Share, name);
        }
    }

    private static WeightedLayer Filters(ModuleCase given, Shape from, Compute compute)
    {
        var weights = given.Weights["weight"].Values;
        var windows = given.Windows;
        var options = new ConvolutionOptions
        {
            Kernel = Two(windows.Kernel),
            Stride = Two(windows.Stride),
            Padding = Two(windows.Padding),
            Groups = given.Groups,
        };
        var layer = new WeightedLayer("conv", new ConvolutionMap(from, weights.Rows(), options, compute), Activation.Linear, bias: true);
        layer.Weights.Set(Single(weights, new(windows.Kernel.Height, windows.Kernel.Width, from.Channels / given.Groups)));
        layer.Biases!.Set(Single(given.Weights["bias"].Values, Shape.Flat(weights.Rows())));
        return layer;
    }

    private static BatchNorm Norm(System.Text.Json.JsonElement element, Shape from)
    {
        var options = element.GetProperty("options");
        var norm = new BatchNorm("norm", from, options.Number("epsilon"), options.Number("momentum"));
        var (weights, before) = (element.Tables("weights"), element.Tables("buffersBefore"));
        norm.Scale.Set(Single(weights["weight"].Shaped(1), Shape.Flat(from.Channels)));
        norm.Shift.Set(Single(weights["bias"].Shaped(1), Shape.Flat(from.Channels)));
        norm.RunningMean.CopyFrom(Single(before["running_mean"], Shape.Flat(from.Channels)));
        norm.RunningVariance.CopyFrom(Single(before["running_var"], Shape.Flat(from.Channels)));
        return norm;
    }

    private static PoolOptions Options(ModuleCase given)
        => new() { Size = Two(given.Windows.Kernel), Stride = Two(given.Windows.Stride), Padding = Two(given.Windows.Padding) };

    private static Extent Two((int Height, int Width) pair) => new(pair.Height, pair.Width);

    /// <summary>Planes as positions × channels.</summary>
    private static Matrix Single(double[,] table, Shape shape)
    {
        var matrix = new Matrix(table.Rows(), shape.Size);
        Some.ForEach(matrix, (row, place) => matrix[row, place] = (float)table[row, Plane(place, shape)]);
        return matrix;
    }

    /// <summary>Positions × channels as planes.</summary>
    private static double[,] Double(Matrix matrix, Shape shape)
    {
        var table = new double[matrix.Rows, shape.Size];
        Some.ForEach(matrix, (row, place) => table[row, Plane(place, shape)] = matrix[row, place]);
        return table;
    }

    private static int Plane(int place, Shape shape)
        => place % shape.Channels * shape.Height * shape.Width + place / shape.Channels;

    /// <summary>A walk over one module without weights that an error crosses.</summary>
    private sealed class Steps : Walk
    {
        private Gradients? _gradients;

        public override Gradients Gradients => _gradients!;

        public void Take(Gradients gradients) => _gradients = gradients;

        public override void Cross(WeightedLayer layer, int step, Matrix localError, Matrix input, Matrix below) => throw new NotSupportedException();

        public override void Learn(WeightedLayer layer, Matrix localErrors, Matrix inputs) => throw new NotSupportedException();

        internal override bool IsOutput(LayerRun layer) => false;

        internal override void Arrive(LayerRun layer, in Matrix error) => throw new NotSupportedException();

        internal override Matrix Cross(LayerRun layer, in Matrix localError) => throw new NotSupportedException();

        internal override bool IsBrought(int site) => false;

        internal override Matrix Bring(int site, in Matrix activity) => throw new NotSupportedException();
    }
}

using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Filters that move over a picture: W is filters × (kernel rows · kernel columns · channels of a group), and every position of the output
/// uses the same weights. An error goes back by the transposed convolution.
/// </summary>
public sealed class ConvolutionMap : LinearMap
{
    private readonly Convolution _convolution;
    private readonly Matrix _noBiases;
    private Matrix _through, _sums;

    /// <summary>Says what it connects.</summary>
    /// <param name="from">The shape of one example's inputs.</param>
    /// <param name="filters">Number of filters: the channels of the outputs, ≥ 1.</param>
    /// <param name="options">Kernel, stride, padding, dilation and groups.</param>
    /// <param name="compute">Does the products.</param>
    /// <exception cref="ArgumentException">The kernel does not fit, or the groups do not divide the channels.</exception>
    public ConvolutionMap(Shape from, int filters, ConvolutionOptions options, Compute compute)
        : this(from, Checked(from, filters, options), options, compute)
    {
    }

    private ConvolutionMap(Shape from, ConvolutionGeometry geometry, ConvolutionOptions options, Compute compute)
        : base(from, new(geometry.Output.Height, geometry.Output.Width, geometry.Filters), geometry.Filters, geometry.FilterSize, compute)
        => (Options, _convolution, _noBiases) = (options, new(geometry, compute), new(1, geometry.Filters));

    /// <summary>Kernel, stride, padding, dilation and groups.</summary>
    public ConvolutionOptions Options { get; }

    /// <inheritdoc/>
    public override int FanIn => Columns;

    /// <summary>Kernel rows · kernel columns · filters of a group.</summary>
    public override int FanOut => Options.Kernel.Height * Options.Kernel.Width * (Rows / Options.Groups);

    /// <inheritdoc/>
    internal override string Kind => FormattableString.Invariant(
        $"convolution {Options.Kernel} stride {Options.Stride} padding {Options.Padding} dilation {Options.Dilation} groups {Options.Groups}");

    /// <inheritdoc/>
    public override void Backward(in Matrix error, WeightSource through, in Matrix below)
    {
        ArgumentNullException.ThrowIfNull(through);
        _convolution.Backward(error, through.Current(ref _through), below);
    }

    /// <inheritdoc/>
    internal override void Forward(in Matrix input, Parameter weights, in Matrix biases, in Matrix output, Finish? finish)
        => _convolution.Forward(input, weights.Read(), biases, output, finish);

    /// <inheritdoc/>
    internal override void Gradient(in Matrix input, in Matrix error, Gradient into)
    {
        _convolution.Gradient(error, input, into.Write());
        into.Divide(error);
    }

    /// <inheritdoc/>
    internal override void Apply(Matrix input, Matrix weights, Matrix output)
        => _convolution.Forward(input, weights, _noBiases, output, finish: null);

    /// <inheritdoc/>
    internal override void AddCorrelation(Matrix input, Matrix response, Matrix into)
    {
        _sums = _sums.Rows == 0 ? new Matrix(Rows, Columns) : _sums;
        _convolution.Gradient(response, input, _sums);
        for (var weight = 0; weight < Columns; weight++)
        {
            var share = 1f / Math.Max(1, _convolution.Geometry.Uses(weight));
            for (var filter = 0; filter < Rows; filter++)
            {
                into[filter, weight] += share * _sums[filter, weight];
            }
        }
    }

    /// <inheritdoc/>
    internal override LinearMap Widened(int rows) => Options.Groups == 1 ? new ConvolutionMap(From, rows, Options, Compute)
        : throw new ArgumentException($"a convolution in {Options.Groups} groups has no wider one of its kind; it needs 1 group");

    /// <inheritdoc/>
    internal override LinearMap AtEachPosition(int inputs)
        => new ConvolutionMap(To with { Channels = inputs }, Rows, new() { Kernel = Extent.Square(1) }, Compute);

    /// <inheritdoc/>
    internal override void BiasGradient(in Matrix error, Gradient into) => _convolution.SumErrors(error, into.Divisor(error), into.Write());

    private static ConvolutionGeometry Checked(Shape from, int filters, ConvolutionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Objection(from, filters) is { } objection
            ? throw new ArgumentException($"a convolution of {from} {objection}", nameof(options)) : options.Geometry(from, filters);
    }
}

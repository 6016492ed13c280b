using System.Globalization;

namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>h = f(z), number by number.</summary>
internal sealed class Pointwise : PlainModule
{
    private readonly Func<double, double> _slope;
    private readonly Func<double, double>? _touch;
    private double[,] _input = new double[0, 0];

    /// <param name="id">Its name in specs; of those that are no activation of the library yet, the name PyTorch has.</param>
    /// <param name="touch">What is done to each number that it gives, as if it were rounded; null: nothing.</param>
    public Pointwise(string id, Func<double, double>? touch = null) => (Id, _touch, (Value, _slope)) = (id, touch, Of(id));

    public string Id { get; }

    public Func<double, double> Value { get; }

    public override double[,] Forward(double[,] input) => (_input = input).Map(Value).Touched(_touch);

    public override double[,] Backward(double[,] error, Through through) => Backward(error);

    /// <summary>error ∘ f′(z): no weight is crossed.</summary>
    public double[,] Backward(double[,] error) => error.Zip(_input, (e, z) => e * _slope(z));

    private static (Func<double, double> Value, Func<double, double> Slope) Of(string id) => id switch
    {
        "linear" => (z => z, _ => 1),
        "logistic" => (Logistic, z => Logistic(z) * (1 - Logistic(z))),
        "tanh" => (Math.Tanh, z => 1 - Math.Tanh(z) * Math.Tanh(z)),
        "relu" => (z => Math.Max(z, 0), z => z > 0 ? 1 : 0),
        "leaky-relu" or "leaky_relu" => Leaky(0.01),
        "softplus" => (z => Math.Log(1 + Math.Exp(z)), Logistic),
        "silu" => (z => z * Logistic(z), z => Logistic(z) * (1 + z * (1 - Logistic(z)))),
        "gelu" => (z => z * Normal(z), z => Normal(z) + z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)),
        "gelu_tanh" => (z => z * Logistic(2 * Bend(z)), GeluTanhSlope),
        _ when id.Split(' ') is ["leaky-relu", var slope] => Leaky(double.Parse(slope, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException(id),
    };

    private static (Func<double, double> Value, Func<double, double> Slope) Leaky(double slope)
        => (z => z > 0 ? z : slope * z, z => z > 0 ? 1 : slope);

    private static double Logistic(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary>The probability that a standard normal number is below z: Marsaglia's series, all of whose terms have one sign.</summary>
    private static double Normal(double z)
    {
        var (sum, term) = (0.0, z);
        for (var odd = 3; sum + term != sum; odd += 2)
        {
            (sum, term) = (sum + term, term * z * z / odd);
        }

        return 0.5 + sum * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
    }

    private static double Bend(double z) => Math.Sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z);

    private static double GeluTanhSlope(double z)
    {
        var gate = Logistic(2 * Bend(z));
        return gate + z * gate * (1 - gate) * 2 * Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z * z);
    }
}

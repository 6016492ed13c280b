using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Tests.Optimizers;

/// <summary>The optimizers written a second time, for one weight, in double, as the papers write them.</summary>
internal sealed class ScalarOptimizer(string name, double weight, double decay, WeightDecayMode mode)
{
    private double _velocity, _mean, _square;
    private int _steps;

    public double Step(double g, double rate)
    {
        _steps++;
        weight *= 1 - (mode == WeightDecayMode.PerStep ? decay : rate * decay);
        switch (name)
        {
            case "sgd" or "compensated":
                weight -= rate * g;
                break;
            case "momentum":
                _velocity = 0.9 * _velocity + g;
                weight -= rate * _velocity;
                break;
            case "nesterov":
                _velocity = 0.9 * _velocity + g;
                weight -= rate * (g + 0.9 * _velocity);
                break;
            case "rmsprop":
                _square = 0.95 * _square + 0.05 * g * g;
                weight -= rate * g / (Math.Sqrt(_square) + 1e-4);
                break;
            case "adam":
                _mean = 0.85 * _mean + 0.15 * g;
                _square = 0.97 * _square + 0.03 * g * g;
                var (mean, square) = (_mean / (1 - Math.Pow(0.85, _steps)), _square / (1 - Math.Pow(0.97, _steps)));
                weight -= rate * mean / (Math.Sqrt(square) + 1e-4);
                break;
            default:
                throw new ArgumentException(name);
        }

        return weight;
    }
}

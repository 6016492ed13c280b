open System
open System.IO
open FeedbackAlignment.Data
open FeedbackAlignment.Exchange
open FeedbackAlignment.Losses
open FeedbackAlignment.Networks
open FeedbackAlignment.Numerics
open FeedbackAlignment.Optimizers
open FeedbackAlignment.Rules
open FeedbackAlignment.Training

// From arrays to a model in a file. Seeds are uint64: 1UL.
let random = Random 1
let labels = [| for _ in 1 .. 300 -> random.Next 3 |]
let inputs = [| for label in labels -> [| 1000.0f * (float32 label + random.NextSingle()); 0.01f * random.NextSingle() |] |]
let parts = DataSet.FromArrays(inputs, labels, 3).Split(validation = 0.2, test = 0.2, seed = 1UL)

let standardizer = Standardizer.Fit parts.Train.Inputs
let data = DataSplit(standardizer.Apply parts.Train, standardizer.Apply parts.Validation, standardizer.Apply parts.Test)

let streams = RandomStreams 1UL
let network = Network.Mlp("2-16-3", 1UL)
let options = TrainingOptions(Examples = 20_000L, LearningRate = LearningRateSchedule.Constant 0.1f, BatchSize = 16, Patience = Nullable 10)
let rule = FeedbackAlignmentRule(options.CreateSetup(network, Loss.SoftmaxCrossEntropy, streams))
let trainer = Trainer(rule, Sgd rule.LearnedParameters, data, options, streams)
let result = trainer.RunAsync().GetAwaiter().GetResult()

let file = new MemoryStream()
TrainedModel(network, Loss.SoftmaxCrossEntropy, InputStandardizer = standardizer, ClassNames = [| "low"; "middle"; "high" |]).Save file
file.Position <- 0L
let model = TrainedModel.Load(file, "model.safetensors")
printfn "%O: %.1f %% error; 1500 is %s" result.Status (100.0 * result.TestError) (model.PredictClassNames(Matrix.From [| [| 1500.0f; 0.005f |] |])[0])
printfn "%s" (ConfusionMatrix.Evaluate(network, data.Test).ToString(model.ClassNames))

let weights = new MemoryStream()
network.Save weights
weights.Position <- 0L
if (Network.Load(weights, "network.safetensors").PredictClasses data.Test.Inputs <> network.PredictClasses data.Test.Inputs) then
    failwith "the loaded network answers otherwise"
